using Salvor.Lab;
using Salvor.Lab.Cloud.Model;
using Salvor.Lab.Cluster;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// <c>salvor guard</c> on a worker in another zone: what the machine's own alarms can't do, and what a guard must not.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class GuardTests(ClusterFixture fixture)
{
    private const string A = "guard-a";
    private const string B = "guard-b";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly GuardOnWorker _guard = new(fixture);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_that_was_stopped_is_started_and_a_guard_that_dies_is_followed_by_another_one()
    {
        await BeginAsync();
        await _guard.StartAsync(A, "automatic");
        await _guard.SaidAsync(A, "leads, as number");
        await _guard.StartAsync(B, "automatic");
        await _guard.SaidAsync(B, $"watches; {A} leads");
        var pods = await fixture.WorkloadAsync();

        var took = await StopAndAwaitStartAsync();
        Assert.Equal(pods, await fixture.WorkloadAsync());
        ClusterFixture.Say($"stopped by the API: both nodes Ready {ClusterFixture.Seconds(took)} later");

        // One dies without a word. The other one has the lease when that has run out.
        await fixture.Cluster.Worker.ShellAsync($"systemctl kill --signal=KILL {A}.service", Cancel);
        var follows = await _guard.SaidAsync(B, "leads, as number");
        ClusterFixture.Say($"the leader was killed: the other one leads {ClusterFixture.Seconds(follows)} later");
        await StopAndAwaitStartAsync();

        Assert.Contains("Result=success", await _guard.StopAsync(B), StringComparison.Ordinal);
        Assert.Contains("has ended", await _guard.LogAsync(B, Cancel), StringComparison.Ordinal);
    }

    /// <summary>Without the provider alone: in a full run, since it takes as long as the waits of it.</summary>
    [Fact]
    public async Task A_guard_that_is_cut_off_does_nothing_and_reboots_a_machine_that_hangs_once_it_is_back()
    {
        await BeginAsync();
        await _guard.StartAsync(A, "automatic");
        await _guard.SaidAsync(A, "leads, as number");
        var (init, start) = (fixture.Control.Init, fixture.Lab.Cloud.Region.Time.Now);
        await WhileAsync(cut => fixture.Lab.Fabric.PartitionAsync(2, cut, CancellationToken.None), async () =>
        {
            await _guard.SaidAsync(A, "it is this guard that is cut off");
            await fixture.PassAsync(10);
        });
        Assert.Empty(Orders(start));
        Assert.Equal(init, fixture.Control.Init);
        await _guard.SaidAsync(A, "leads, as number", times: 2);
        await RebootWhatHangsAsync();
        if (TestLevel.IsFull)
        {
            await StayStoppedWithoutProviderAsync(fixture.Lab.Cloud.Region.Time.Now);
        }
    }

    /// <summary>Without an alarm: there is none.</summary>
    private async Task RebootWhatHangsAsync()
    {
        // There is no agent here. That nothing beats is known when nothing has for as long as a silence takes.
        await _guard.SaidAsync(A, "HeartbeatFresh: No");
        var (init, pods) = (fixture.Control.Init, await fixture.WorkloadAsync());
        var start = fixture.Lab.Cloud.Region.Time.Now;
        await FaultTable.Find("machine-hang").Inject(fixture.Lab, Cancel);
        await Wait.UntilAsync("a reboot", _ => Task.FromResult(
            fixture.Control is { IsOn: true, IsFrozen: false } control && control.Init != init), Patience, Cancel);
        var rebooted = fixture.Lab.Cloud.Region.Time.Now - start;
        await fixture.Cluster.ReadyAsync(start + rebooted, Cancel);
        await _guard.SaidAsync(A, "\"entry\":\"Closed\"");
        Assert.Equal(pods, await fixture.WorkloadAsync());
        Assert.Equal(["RebootInstances"], Orders(start));
        ClusterFixture.Say($"hung: rebooted after {ClusterFixture.Seconds(rebooted)}");
    }

    /// <summary>The store answers and the provider does not: a machine that is stopped stays so for now.</summary>
    private async Task StayStoppedWithoutProviderAsync(DateTimeOffset start)
    {
        await WhileAsync(cut =>
        {
            fixture.Lab.Cloud.Do(region => region.SetCutOff(Laboratory.Zones[1], cut));
            return Task.CompletedTask;
        }, async () =>
        {
            await _guard.SaidAsync(A, "only watches: ProviderReachable");
            await FaultTable.Find("machine-stop").Inject(fixture.Lab, Cancel);
            await fixture.PassAsync(10);
            Assert.Equal(InstanceState.Stopped, fixture.Cluster.InstanceOf(LabCluster.ControlPlaneName).State);
            Assert.Empty(Orders(start));
        });
        var back = fixture.Lab.Cloud.Region.Time.Now;
        await Wait.UntilAsync("a start", _ => Task.FromResult(
            fixture.Cluster.InstanceOf(LabCluster.ControlPlaneName).State == InstanceState.Running), Patience, Cancel);
        await fixture.Cluster.ReadyAsync(back, Cancel);
        Assert.Equal(["StartInstances"], Orders(start));
    }

    /// <summary>Does something while something is cut, and heals it whatever comes of that.</summary>
    private static async Task WhileAsync(Func<bool, Task> cut, Func<Task> act)
    {
        await cut(true);
        try
        {
            await act();
        }
        finally
        {
            await cut(false);
        }
    }

    private async Task BeginAsync()
    {
        await fixture.FreshAsync();
        await fixture.ApiReadyAsync(Patience);
        await fixture.BackUpAsync();
    }

    /// <summary>Stops the machine through the API, and waits for the guard; tells how long both nodes took.</summary>
    private async Task<TimeSpan> StopAndAwaitStartAsync()
    {
        var (init, start) = (fixture.Control.Init, fixture.Lab.Cloud.Region.Time.Now);
        fixture.Lab.Cloud.Do(region => region.Stop(
            fixture.Cluster.ControlPlaneId, force: false, skipOsShutdown: false));
        await Wait.UntilAsync("a machine that was started", _ => Task.FromResult(
            fixture.Control is { IsOn: true } control && control.Init != init), Patience, Cancel);
        await fixture.Cluster.ReadyAsync(fixture.Lab.Cloud.Region.Time.Now, Cancel);
        Assert.Equal(["StartInstances"], Orders(start));
        return fixture.Lab.Cloud.Region.Time.Now - start;
    }

    /// <summary>What was ordered over the API since an instant.</summary>
    private List<string> Orders(DateTimeOffset since) => [.. fixture.Lab.Cloud.Requests.Entries
        .Where(entry => entry.IsMutating && entry.Time >= since).Select(entry => entry.Action)];
}
