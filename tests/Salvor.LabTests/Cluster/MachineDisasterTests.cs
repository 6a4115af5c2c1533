using Salvor.Lab;
using Salvor.Lab.Cloud.Alarms;
using Salvor.Lab.Cloud.Model;
using Salvor.Lab.Cluster;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// The control plane's machine hangs, is stopped, or is off: what the cloud's alarm does, and does not.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class MachineDisasterTests(ClusterFixture fixture)
{
    private const int Minutes = 5;
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_that_hangs_stays_so_without_an_alarm()
    {
        await fixture.FreshAsync();
        var pods = await fixture.WorkloadAsync();
        await FaultTable.Find("machine-hang").Inject(fixture.Lab, Cancel);
        await fixture.PassAsync(Minutes);
        Assert.True(fixture.Control is { IsOn: true, IsFrozen: true });
        Assert.Equal(pods, await fixture.WorkloadAsync());
        fixture.Chronicle.Without("machine-hang",
            $"nothing: it still hangs after {Minutes} of the cloud's minutes; same containers on the worker");
    }

    [Fact]
    public async Task A_machine_that_hangs_is_rebooted_by_the_alarm_that_protect_made()
    {
        await fixture.FreshAsync();
        await fixture.ProtectAsync();
        await fixture.PassAsync(2);
        var alarm = Assert.Single(fixture.Lab.Cloud.Do(_ => fixture.Lab.Cloud.Alarms.All.ToList()));
        var init = fixture.Control.Init;
        var pods = await fixture.WorkloadAsync();
        var start = fixture.Lab.Cloud.Region.Time.Now;
        await FaultTable.Find("machine-hang").Inject(fixture.Lab, Cancel);
        await Wait.UntilAsync("a reboot", _ =>
        {
            Assert.Null(fixture.Lab.Cloud.LastHostFailure);
            return Task.FromResult(
                fixture.Control is { IsOn: true, IsFrozen: false } control && control.Init != init);
        }, ClusterFixture.Patience, Cancel);
        var rebooted = fixture.Lab.Cloud.Region.Time.Now - start;
        await fixture.Cluster.ReadyAsync(start + rebooted, Cancel);
        var ready = fixture.Lab.Cloud.Region.Time.Now - start;
        Assert.Equal(pods, await fixture.WorkloadAsync());
        fixture.Chronicle.With("machine-hang",
            $"the alarm `{alarm.Name}` reboots it: it is back on after {ClusterFixture.Seconds(rebooted)}, both "
            + $"nodes are Ready after {ClusterFixture.Seconds(ready)}; same containers on the worker");
    }

    [Theory]
    [MemberData(nameof(ClusterFixture.Sides), MemberType = typeof(ClusterFixture))]
    public async Task A_machine_that_is_stopped_stays_so_and_the_alarm_sees_nothing(bool isProtected)
    {
        await fixture.FreshAsync();
        if (isProtected)
        {
            await fixture.ProtectAsync();
        }

        var id = fixture.Cluster.ControlPlaneId;
        await FaultTable.Find("machine-stop").Inject(fixture.Lab, Cancel);
        var stopped = fixture.Lab.Cloud.Region.Time.Now;
        await fixture.PassAsync(Minutes);
        Assert.Equal(InstanceState.Stopped, fixture.Cluster.InstanceOf(LabCluster.ControlPlaneName).State);
        var key = MetricStore.Key(
            "AWS/EC2", "StatusCheckFailed_Instance", new Dictionary<string, string> { ["InstanceId"] = id });
        Assert.Empty(fixture.Lab.Cloud.Do(_ => fixture.Lab.Cloud.Metrics.Between(
            key, stopped, DateTimeOffset.MaxValue).ToList()));
        if (!isProtected)
        {
            fixture.Chronicle.Without("machine-stop", "nothing: it stays off");
            return;
        }

        var alarm = Assert.Single(fixture.Lab.Cloud.Do(_ => fixture.Lab.Cloud.Alarms.All.ToList()));
        Assert.NotEqual("ALARM", alarm.State);
        fixture.Chronicle.With("machine-stop",
            $"nothing: it stays off. A stopped instance emits no metric, so the alarm is {alarm.State}: for this gap "
            + "somebody outside must look");
    }

    [Theory]
    [MemberData(nameof(ClusterFixture.Sides), MemberType = typeof(ClusterFixture))]
    public async Task The_workers_pods_go_on_while_the_machine_is_off(bool isProtected)
    {
        await fixture.FreshAsync();
        if (isProtected)
        {
            await fixture.ProtectAsync();
        }

        var pods = await fixture.WorkloadAsync();
        Assert.Equal(2, pods.Split('\n').Length);
        await FaultTable.Find("machine-off").Inject(fixture.Lab, Cancel);
        await fixture.PassAsync(Minutes);
        Assert.Equal(pods, await fixture.WorkloadAsync());

        await FaultTable.Find("machine-off").Heal(fixture.Lab, Cancel);
        var on = fixture.Lab.Cloud.Region.Time.Now;
        var took = await fixture.Cluster.ReadyAsync(on, Cancel);
        Assert.Equal(pods, await fixture.WorkloadAsync());
        var what = "they go on, same containers; switched on by hand, both nodes are Ready "
            + $"{ClusterFixture.Seconds(took)} later, and still the same containers";
        if (isProtected)
        {
            fixture.Chronicle.With("machine-off", what);
        }
        else
        {
            fixture.Chronicle.Without("machine-off", what);
        }
    }
}
