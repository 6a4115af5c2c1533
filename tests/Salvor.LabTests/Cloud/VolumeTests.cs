using Salvor.Lab.Cloud.Model;

namespace Salvor.LabTests.Cloud;

/// <summary>The rules about volumes and addresses.</summary>
public sealed class VolumeTests
{
    private readonly LabCloud _cloud = new();

    [Fact]
    public async Task Volume_has_one_attachment_and_only_in_its_zone()
    {
        var here = await _cloud.RunningAsync();
        var there = await _cloud.RunningAsync(new InstanceOrder("ami-lab", "m5.large", "lab-1b"));
        var volume = await _cloud.VolumeAsync();
        LabCloud.Refuses("InvalidVolume.ZoneMismatch", () => _cloud.Region.Attach(volume, there, "/dev/xvdf"));
        Assert.Equal("attaching", _cloud.Region.Attach(volume, here, "/dev/xvdf").State);
        await _cloud.PassAsync(5);
        Assert.Equal("attached", _cloud.Region.RequireVolume(volume).Attachment!.State);
        LabCloud.Refuses("VolumeInUse", () => _cloud.Region.Attach(volume, here, "/dev/xvdg"));
        LabCloud.Refuses("VolumeInUse", () => _cloud.Region.DeleteVolume(volume));
    }

    [Fact]
    public async Task Mounted_volume_stays_busy_until_the_machine_lets_go()
    {
        var instance = await _cloud.RunningAsync();
        var volume = await _cloud.VolumeAsync();
        _cloud.Region.Attach(volume, instance, "/dev/xvdf");
        await _cloud.PassAsync(5);
        _cloud.Host.LetsGo = false;
        Assert.Equal("detaching", _cloud.Region.Detach(volume, null, force: false).State);
        await _cloud.PassAsync(30);
        Assert.Equal("busy", _cloud.Region.RequireVolume(volume).Attachment!.State);
        _cloud.Host.LetsGo = true;
        await _cloud.PassAsync(5);
        Assert.Equal("available", _cloud.Region.RequireVolume(volume).State);
    }

    [Fact]
    public async Task Root_volume_stays_with_a_running_instance_and_goes_with_a_terminated_one()
    {
        var instance = await _cloud.RunningAsync();
        var root = _cloud.Region.Require(instance).RootVolume;
        LabCloud.Refuses("OperationNotPermitted", () => _cloud.Region.Detach(root, null, force: true));
        _cloud.Region.Terminate(instance, skipOsShutdown: true);
        await _cloud.PassAsync(10);
        LabCloud.Refuses("InvalidVolume.NotFound", () => _cloud.Region.RequireVolume(root));
    }

    [Fact]
    public async Task Termination_keeps_what_is_not_to_be_deleted()
    {
        var instance = await _cloud.RunningAsync(new InstanceOrder("ami-lab", "m5.large", "lab-1a")
        {
            KeepsRoot = true,
            Disks = [new DiskOrder("/dev/xvdf", 4, null, true), new DiskOrder("/dev/xvdg", 5, null, false)],
        });
        _cloud.Region.Terminate(instance, skipOsShutdown: true);
        await _cloud.PassAsync(20);
        Assert.Equal(
            [(5, "available"), (8, "available")],
            _cloud.Region.State.Volumes.Values.Select(one => (one.SizeGiB, one.State)).Order());
        Assert.DoesNotContain($"remove {instance}", _cloud.Host.Calls);
    }

    [Fact]
    public async Task Snapshot_is_pending_and_makes_a_volume_in_another_zone_once_completed()
    {
        await _cloud.RunningAsync();
        var volume = await _cloud.VolumeAsync();
        var tags = _cloud.Region.RequireVolume(volume).Tags;
        var snapshot = _cloud.Region.CreateSnapshot(volume, "", tags).Id;
        LabCloud.Refuses("IncorrectState", () => _cloud.Region.CreateVolume("lab-1b", null, snapshot, tags));
        await _cloud.PassAsync(25);
        var copy = _cloud.Region.CreateVolume("lab-1b", null, snapshot, tags);
        Assert.Equal("creating", copy.State);
        await _cloud.PassAsync(5);
        Assert.Equal("available", _cloud.Region.RequireVolume(copy.Id).State);
        Assert.Contains($"create {copy.Id} 1 {snapshot}", _cloud.Host.Calls);
    }

    [Fact]
    public async Task Address_moves_between_zones_unless_that_was_forbidden()
    {
        var here = await _cloud.RunningAsync();
        var there = await _cloud.RunningAsync(new InstanceOrder("ami-lab", "m5.large", "lab-1b"));
        var address = _cloud.Region.Allocate(_cloud.Region.Require(here).Tags);
        _cloud.Region.Associate(address.Id, here, allowReassociation: false);
        LabCloud.Refuses("Resource.AlreadyAssociated", () => _cloud.Region.Associate(address.Id, there, false));
        _cloud.Region.Associate(address.Id, there, allowReassociation: true);
        await _cloud.PassAsync(1);
        Assert.Equal($"move {address.PublicAddress} {there}", _cloud.Host.Calls.Last());
        LabCloud.Refuses("InvalidIPAddress.InUse", () => _cloud.Region.Release(address.Id));
    }
}
