using Salvor.Cloud;
using Salvor.Errors;
using Salvor.IntegrationTests.ObjectStore;
using Salvor.IntegrationTests.Support;
using Salvor.Platform;
using Salvor.Providers.Aws;
using Salvor.Readiness.Alarms;

namespace Salvor.IntegrationTests.Cloud;

/// <summary>Our client and a third party's emulation of EC2 and CloudWatch, over the wire.</summary>
public sealed class AwsCloudTests : IClassFixture<MotoCloud>, IDisposable
{
    private readonly MotoCloud _moto;
    private readonly List<AwsCloud> _open = [];

    public AwsCloudTests(MotoCloud moto) => _moto = moto;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _open.ForEach(cloud => cloud.Dispose());

    [Fact]
    public async Task Machine_is_described_with_its_disks_and_tags()
    {
        var cloud = await OpenAsync();
        var id = new MachineId(await _moto.RunMachineAsync());

        var machine = await cloud.Machines.DescribeAsync(id, Ct);

        Assert.Equal(id, machine.Id);
        Assert.Equal(MachineState.Running, machine.State);
        Assert.StartsWith("eu-central-1", machine.Zone, StringComparison.Ordinal);
        Assert.Equal("m5.large", machine.Type);
        Assert.NotNull(machine.LaunchedAt);
        Assert.InRange(machine.LaunchedAt.Value, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        Assert.NotNull(machine.PrivateAddress);
        Assert.Equal("control-plane", machine.Tags["Name"]);
        Assert.Equal(["/dev/sda1", "/dev/sdf"], machine.Disks.Select(disk => disk.Device).Order());
        Assert.All(machine.Disks, disk => Assert.True(disk.DeletesOnTermination));
        // moto says nothing of automatic recovery, and so do we.
        Assert.Equal(AutomaticRecovery.Unknown, machine.AutomaticRecovery);
    }

    [Fact]
    public async Task Checks_are_told_of_machines_that_are_on_and_off()
    {
        var cloud = await OpenAsync();
        var id = new MachineId(await _moto.RunMachineAsync());

        var on = await cloud.Machines.CheckAsync(id, Ct);
        await _moto.AskAsync("ec2", "2016-11-15", "StopInstances", ("InstanceId.1", id.Value));
        var off = await cloud.Machines.CheckAsync(id, Ct);

        Assert.Equal(MachineState.Running, on.State);
        Assert.Equal((CheckStatus.Ok, CheckStatus.Ok), (on.System.Status, on.Instance.Status));
        Assert.Contains(on.Instance.Details, detail => detail is { Name: "reachability", Status: "passed" });
        Assert.Null(on.Instance.ImpairedSince);
        Assert.Equal(MachineState.Stopped, off.State);
        Assert.Equal(CheckStatus.NotApplicable, off.Instance.Status);
    }

    [Fact]
    public async Task Volume_is_described_and_told_to_outlive_its_machine()
    {
        var cloud = await OpenAsync();
        var id = new MachineId(await _moto.RunMachineAsync());
        var disk = (await cloud.Machines.DescribeAsync(id, Ct)).Disks.Single(d => d.Device == "/dev/sdf");

        var volume = await cloud.Volumes.DescribeAsync(disk.Volume, Ct);
        await cloud.Volumes.SetDeleteOnTerminationAsync(id, "/dev/sdf", deletes: false, Ct);
        var after = await cloud.Machines.DescribeAsync(id, Ct);

        Assert.Equal((VolumeState.InUse, 20, false), (volume.State, volume.SizeGiB, volume.IsEncrypted));
        Assert.StartsWith("eu-central-1", volume.Zone, StringComparison.Ordinal);
        Assert.Equal((id, AttachmentState.Attached),
            (Assert.Single(volume.Attachments).Machine, volume.Attachments[0].State));
        Assert.False(after.Disks.Single(d => d.Device == "/dev/sdf").DeletesOnTermination);
        Assert.True(after.Disks.Single(d => d.Device == "/dev/sda1").DeletesOnTermination);
    }

    [Fact]
    public async Task Volume_is_ordered_encrypted_with_tags_and_attached()
    {
        var cloud = await OpenAsync();
        var id = new MachineId(await _moto.RunMachineAsync());
        var zone = (await cloud.Machines.DescribeAsync(id, Ct)).Zone!;
        var order = new VolumeOrder("0123456789abcdef", zone, 20, "gp3")
        {
            Tags = new Dictionary<string, string> { ["salvor-cluster"] = "moto" },
        };

        var made = await cloud.Volumes.CreateAsync(order, Ct);
        await cloud.Volumes.AttachAsync(made, id, "/dev/sdg", Ct);

        var volume = await cloud.Volumes.DescribeAsync(made, Ct);
        Assert.Equal((20, "gp3", true, zone), (volume.SizeGiB, volume.Type, volume.IsEncrypted, volume.Zone));
        Assert.Equal((id, "/dev/sdg"), (Assert.Single(volume.Attachments).Machine, volume.Attachments[0].Device));
        var told = await _moto.AskAsync("ec2", "2016-11-15", "DescribeVolumes", ("VolumeId.1", made.Value));
        Assert.Contains("salvor-cluster", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_ids_are_not_found_and_malformed_ones_are_no_proof_either()
    {
        var cloud = await OpenAsync();

        var machine = await Assert.ThrowsAsync<SalvorException>(
            () => cloud.Machines.DescribeAsync(new MachineId("i-0123456789abcdef0"), Ct));
        var volume = await Assert.ThrowsAsync<SalvorException>(
            () => cloud.Volumes.DescribeAsync(new VolumeId("vol-0123456789abcdef0"), Ct));

        Assert.Equal(ErrorCode.CloudNotFound, machine.Code);
        Assert.Contains("no proof", machine.Hint, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.CloudNotFound, volume.Code);
    }

    [Fact]
    public async Task Alarms_are_put_found_switched_set_and_deleted()
    {
        var cloud = await OpenAsync();
        var id = new MachineId(await _moto.RunMachineAsync());
        var wanted = WantedAlarms.For(new AlarmRequest("moto", id, cloud.Region, cloud.Partition, WithRecover: true));
        var names = WantedAlarms.NamesFor("moto");
        foreach (var alarm in wanted)
        {
            await cloud.Alarms.PutAsync(alarm, Ct);
        }

        var found = await cloud.Alarms.FindAsync(names, Ct);
        Assert.Equal(names.Order(), found.Select(alarm => alarm.Definition.Name).Order());
        Assert.All(wanted, alarm => Assert.Empty(AlarmComparison.Compare(
            alarm, found.Single(f => f.Definition.Name == alarm.Name).Definition)));
        Assert.Equal(2, (await cloud.Alarms.ListAsync(id, Ct)).Count);
        Assert.Empty(await cloud.Alarms.ListAsync(new MachineId("i-another"), Ct));

        await cloud.Alarms.SetActionsEnabledAsync([names[0]], enabled: false, Ct);
        await cloud.Alarms.SetStateAsync(names[0], AlarmState.Alarm, "a drill", Ct);
        var changed = Assert.Single(await cloud.Alarms.FindAsync([names[0]], Ct));
        Assert.False(changed.Definition.ActionsEnabled);
        Assert.Equal((AlarmState.Alarm, "a drill"), (changed.State, changed.StateReason));

        await cloud.Alarms.DeleteAsync(names, Ct);
        Assert.Empty(await cloud.Alarms.FindAsync(names, Ct));
        await cloud.Alarms.DeleteAsync(names, Ct);
    }

    [Fact]
    public async Task Nobody_at_the_endpoint_is_unreachable_and_asked_again()
    {
        var nowhere = new Uri($"http://127.0.0.1:{LoopbackPorts.Next()}");
        var time = new LeapingTime();
        using var cloud = await AwsCloud.OpenAsync(
            new AwsOptions { Region = MotoCloud.Region, Ec2Endpoint = nowhere, CloudWatchEndpoint = nowhere },
            _ => null, new OsEntropy(), time, Ct);

        var ec2 = await Assert.ThrowsAsync<SalvorException>(
            () => cloud.Machines.DescribeAsync(new MachineId("i-1"), Ct));
        Assert.Equal(5, time.Waits.Count);
        var watch = await Assert.ThrowsAsync<SalvorException>(() => cloud.Alarms.FindAsync(["a"], Ct));

        Assert.Equal((ErrorCode.CloudUnreachable, ErrorCode.CloudUnreachable), (ec2.Code, watch.Code));
        Assert.Equal(10, time.Waits.Count);
    }

    [Fact]
    public async Task Region_and_endpoints_come_from_the_environment()
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_REGION"] = MotoCloud.Region,
            ["AWS_ENDPOINT_URL"] = $"http://127.0.0.1:{LoopbackPorts.Next()}",
            ["AWS_ENDPOINT_URL_EC2"] = _moto.Server.Endpoint.ToString(),
        };
        var id = new MachineId(await _moto.RunMachineAsync());
        using var cloud = await AwsCloud.OpenAsync(
            new AwsOptions(), name => variables.GetValueOrDefault(name), new OsEntropy(), new LeapingTime(), Ct);

        Assert.Equal(("eu-central-1", "aws"), (cloud.Region, cloud.Partition));
        Assert.Equal(id, (await cloud.Machines.DescribeAsync(id, Ct)).Id);
        await Assert.ThrowsAsync<SalvorException>(() => cloud.Alarms.FindAsync(["a"], Ct));
    }

    [Fact]
    public async Task Signatures_of_both_services_are_right_and_what_is_not_allowed_is_denied()
    {
        await using var moto = await MotoServer.StartAsync();
        var (keyId, secret) = await moto.CreateUserAsync(
            "reader", "ec2:DescribeVolumes", "monitoring:DescribeAlarms", "cloudwatch:DescribeAlarms");
        await moto.DemandRightsAsync();

        async Task<ToolResult> ProtectAsync(string usedSecret) => await SalvorCommand.RunWithAsync(
            [
                .. AwsVariables.None, ("AWS_ACCESS_KEY_ID", keyId), ("AWS_SECRET_ACCESS_KEY", usedSecret),
                ("AWS_ENDPOINT_URL", moto.Endpoint.ToString()),
            ],
            "protect", "--check", "--cloud", "aws", "--region", MotoCloud.Region, "--instance-id",
            "i-0123456789abcdef0", "--root", "/nonexistent");

        var right = await ProtectAsync(secret);
        var wrong = await ProtectAsync("not-the-secret");

        Assert.Contains("found    no alarm", right.Stdout, StringComparison.Ordinal);
        Assert.Contains("Cannot describe machine i-0123456789abcdef0: ", right.Stdout, StringComparison.Ordinal);
        Assert.Contains("lacks the right to this call", right.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("no alarm", wrong.Stdout, StringComparison.Ordinal);
        Assert.Contains("Check the access key and its secret", wrong.Stdout, StringComparison.Ordinal);
    }

    private async Task<AwsCloud> OpenAsync()
    {
        var cloud = await AwsCloud.OpenAsync(
            new AwsOptions
            {
                Region = MotoCloud.Region,
                Ec2Endpoint = _moto.Server.Endpoint,
                CloudWatchEndpoint = _moto.Server.Endpoint,
            },
            _ => null, new OsEntropy(), TimeProvider.System, Ct);
        _open.Add(cloud);
        return cloud;
    }
}
