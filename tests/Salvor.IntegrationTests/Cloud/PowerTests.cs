using Salvor.Cloud;
using Salvor.Platform;
using Salvor.Providers.Aws;

namespace Salvor.IntegrationTests.Cloud;

/// <summary>Power and tags, over the wire to a third party's emulation of EC2.</summary>
public sealed class PowerTests(MotoCloud moto) : IClassFixture<MotoCloud>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_is_stopped_started_and_rebooted_and_every_order_may_be_given_twice()
    {
        using var cloud = await OpenAsync();
        var id = new MachineId(await moto.RunMachineAsync());

        foreach (var cutsPower in (bool[])[false, true])
        {
            await cloud.Power.StopAsync(id, cutsPower, Ct);
            await cloud.Power.StopAsync(id, cutsPower, Ct);
            Assert.Equal(MachineState.Stopped, (await cloud.Machines.DescribeAsync(id, Ct)).State);

            await cloud.Power.StartAsync(id, Ct);
            await cloud.Power.StartAsync(id, Ct);
            Assert.Equal(MachineState.Running, (await cloud.Machines.DescribeAsync(id, Ct)).State);
        }

        await cloud.Power.RebootAsync(id, Ct);
        await cloud.Power.RebootAsync(id, Ct);
        Assert.Equal(MachineState.Running, (await cloud.Machines.DescribeAsync(id, Ct)).State);
    }

    [Fact]
    public async Task A_tag_is_set_set_anew_and_emptied()
    {
        using var cloud = await OpenAsync();
        var id = new MachineId(await moto.RunMachineAsync());
        foreach (var value in (string[])["plan-1", "plan-2", ""])
        {
            await cloud.Power.SetTagAsync(id, "salvor-fenced", value, Ct);
            var tags = (await cloud.Machines.DescribeAsync(id, Ct)).Tags;
            Assert.Equal(value, tags["salvor-fenced"]);
            Assert.Equal("control-plane", tags["Name"]);
        }
    }

    private Task<AwsCloud> OpenAsync() => AwsCloud.OpenAsync(
        new AwsOptions
        {
            Region = MotoCloud.Region,
            Ec2Endpoint = moto.Server.Endpoint,
            CloudWatchEndpoint = moto.Server.Endpoint,
        },
        _ => null, new OsEntropy(), TimeProvider.System, Ct);
}
