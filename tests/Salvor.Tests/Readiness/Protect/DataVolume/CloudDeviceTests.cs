using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Readiness.Protect.DataVolume;
using Salvor.Tests.Readiness.Protect.InCloud;
using Salvor.Tests.Readiness.Protect.Machine;

namespace Salvor.Tests.Readiness.Protect.DataVolume;

public sealed class CloudDeviceTests : IDisposable
{
    private static readonly VolumeId Named = new("vol-0a");

    private readonly MachineRoot _machine = new();
    private readonly MemoryCloud _cloud = new();
    private readonly LeapingTime _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task A_new_volume_is_ordered_once_attached_and_outlives_its_machine()
    {
        var device = New();
        Assert.Contains("eu-central-1a", await device.LookAsync(Ct), StringComparison.Ordinal);
        Assert.Empty(_cloud.Orders);

        // The device does not come up in time: the next run goes on with the same volume.
        await Assert.ThrowsAsync<SalvorException>(() => device.ProvideAsync(Ct));
        var id = Assert.Single(_cloud.Volumes.Keys);
        var serial = id.Value.Replace("-", "", StringComparison.Ordinal);
        var link = $"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{serial}";
        _machine.Write(link, "");

        Assert.Equal(link, await New().ProvideAsync(Ct));
        // And so does every other one, until the data is on it: a move may fail and be begun anew.
        Assert.Contains($"{id}, which an earlier run ordered", await New().LookAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(link, await New().ProvideAsync(Ct));

        Assert.Single(_cloud.Volumes);
        Assert.Equal(["create 20 gp3 prod", "attach /dev/sdg", "/dev/sdg kept"], _cloud.Orders.Take(3));
        Assert.DoesNotContain("attach", string.Join(' ', _cloud.Orders.Skip(3)), StringComparison.Ordinal);
        CloudDevice.Forget(_machine.Record);
        Assert.False(_machine.Record.HasAny("etcd-volume-order"));
    }

    [Fact]
    public async Task An_ordered_volume_that_somebody_deleted_is_given_up_and_the_next_run_orders_another()
    {
        await Assert.ThrowsAsync<SalvorException>(() => New().ProvideAsync(Ct));
        _cloud.Volumes.Clear();

        var gone = await Assert.ThrowsAsync<SalvorException>(() => New().ProvideAsync(Ct));
        Assert.Equal(ErrorCode.CloudNotFound, gone.Code);
        await Assert.ThrowsAsync<SalvorException>(() => New().ProvideAsync(Ct));

        Assert.Equal(2, _cloud.Orders.Count(order => order.StartsWith("create", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("eu-central-1b", VolumeState.Available, false, "is in eu-central-1b")]
    [InlineData("eu-central-1a", VolumeState.InUse, true, "belongs to i-other")]
    [InlineData("eu-central-1a", VolumeState.Failed, false, "is in the state Failed")]
    public async Task A_volume_that_is_elsewhere_or_anothers_is_refused(
        string zone, VolumeState state, bool isTaken, string words)
    {
        var attachment = new VolumeAttachment(new MachineId("i-other"), "/dev/sdf", AttachmentState.Attached, true);
        _cloud.Volumes[Named] = new Volume
        {
            Id = Named,
            State = state,
            Zone = zone,
            Attachments = isTaken ? [attachment] : [],
        };

        foreach (var attempt in (Func<Task>[])[
            () => New(Named).LookAsync(Ct), () => New(Named).ProvideAsync(Ct)])
        {
            Assert.Contains(words, (await Assert.ThrowsAsync<SalvorException>(attempt)).Message,
                StringComparison.Ordinal);
        }

        Assert.Empty(_cloud.Orders);
    }

    private CloudDevice New(VolumeId? named = null) => new(
        _machine.Files, _machine.Record, _cloud.TargetAsync, named, "prod", new OsEntropy(), _time);
}
