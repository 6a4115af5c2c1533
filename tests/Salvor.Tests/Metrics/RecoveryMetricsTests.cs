using Salvor.Metrics;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;
using Salvor.Tests.Support;

namespace Salvor.Tests.Metrics;

public sealed class RecoveryMetricsTests
{
    private readonly SimulatedTime _time = new();

    [Fact]
    public void What_is_seen_found_and_done_is_told()
    {
        var metrics = new ClusterMetrics("prod", RecoveryMode.Automatic, AgentCauses.All, _time);
        var seen = Observations.None.With(Sign.ApiServerReady, false).With(Sign.EtcdResponds, true)
            .With(Sign.NoSpaceAlarm, Truth.Unknown);
        metrics.Looked(seen);
        metrics.Decided(EngineState.Empty with
        {
            Plan = new Plan("1", CauseId.DataLost, Rung.RecoverData, [StepKind.HoldEtcd]),
            Standings = EngineState.Empty.Standings.Add(
                CauseId.DiskFull, Standing.Begin(TimeSpan.Zero) with { IsPaged = true }),
        });
        metrics.Journaled(Entry(EntryKind.Closed, StepResult.Done));
        metrics.Journaled(Entry(EntryKind.Closed, StepResult.Done));
        metrics.Journaled(Entry(EntryKind.Closed, StepResult.Refused));
        metrics.Journaled(Entry(EntryKind.Closed, StepResult.Failed));
        metrics.Journaled(Entry(EntryKind.Page, null));
        metrics.Journaled(Entry(EntryKind.Opened, null));

        var page = PageOf(metrics);

        Assert.Contains("salvor_observation{cluster=\"prod\",sign=\"ApiServerReady\"} 0\n", page);
        Assert.Contains("salvor_observation{cluster=\"prod\",sign=\"EtcdResponds\"} 1\n", page);
        Assert.DoesNotContain("NoSpaceAlarm", page); // What can't be seen is neither.
        Assert.Contains("salvor_mode{cluster=\"prod\",mode=\"automatic\"} 1\n", page);
        Assert.Contains("salvor_plan_under_way{cluster=\"prod\",cause=\"DataLost\",rung=\"RecoverData\"} 1\n", page);
        Assert.Contains("salvor_needs_human{cluster=\"prod\",cause=\"DiskFull\"} 1\n", page);
        Assert.Contains("salvor_cause{cluster=\"prod\",cause=\"DataLost\"} 0\n", page);
        Assert.Contains("salvor_paused{cluster=\"prod\"} 0\n", page);
        Assert.Contains(
            "salvor_recoveries_total{cluster=\"prod\",cause=\"DataLost\",rung=\"RecoverData\",result=\"done\"} 2\n",
            page);
        Assert.Contains(
            "salvor_recoveries_total{cluster=\"prod\",cause=\"DataLost\",rung=\"RecoverData\",result=\"failed\"} 2\n",
            page);
        Assert.Contains("salvor_pages_total{cluster=\"prod\",cause=\"DataLost\"} 1\n", page);
        Assert.DoesNotContain("salvor_guard_leads{", page);
    }

    [Fact]
    public void A_guard_that_only_watches_tells_of_no_causes()
    {
        var metrics = new ClusterMetrics("prod", RecoveryMode.Automatic, GuardCauses.All, _time);
        metrics.Leads(true);
        metrics.Decided(EngineState.Empty);
        Assert.Contains("salvor_cause{", PageOf(metrics));

        metrics.Leads(false);
        metrics.Decided(null);

        Assert.DoesNotContain("salvor_cause{", PageOf(metrics));
        Assert.DoesNotContain("salvor_paused{", PageOf(metrics));
        Assert.Contains("salvor_guard_leads{cluster=\"prod\"} 0\n", PageOf(metrics));
    }

    [Fact]
    public void Families_of_several_clusters_stay_in_one_piece()
    {
        var page = new MetricsPage();
        RecoveryMetrics.Write(page,
        [
            new ClusterMetrics("a", RecoveryMode.Advise, GuardCauses.All, _time).Read(),
            new ClusterMetrics("b", RecoveryMode.Approve, GuardCauses.All, _time).Read(),
        ]);

        Assert.Contains(
            "salvor_mode{cluster=\"a\",mode=\"advise\"} 1\nsalvor_mode{cluster=\"b\",mode=\"approve\"} 1\n",
            page.ToString());
    }

    private static string PageOf(ClusterMetrics metrics)
    {
        var page = new MetricsPage();
        RecoveryMetrics.Write(page, [metrics.Read()]);
        return page.ToString();
    }

    private JournalEntry Entry(EntryKind kind, StepResult? result) => new()
    {
        Kind = kind,
        At = _time.GetUtcNow(),
        PlanId = "1",
        Cause = CauseId.DataLost,
        Rung = Rung.RecoverData,
        Result = result,
    };
}
