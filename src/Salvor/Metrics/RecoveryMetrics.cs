using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Metrics;

/// <summary>The families that agent and guard have in common; docs/operations/alerts.md lists them.</summary>
internal static class RecoveryMetrics
{
    public static void Write(MetricsPage page, IReadOnlyList<ClusterReading> clusters)
    {
        WriteLooks(page, clusters);
        WriteDecisions(page, clusters);
        WriteCounts(page, clusters);
    }

    private static void WriteLooks(MetricsPage page, IReadOnlyList<ClusterReading> clusters)
    {
        var looked = page.Gauge("salvor_last_look_timestamp_seconds", "When the last look ended, in Unix time.");
        foreach (var one in clusters)
        {
            if (one.LookedAt is { } at)
            {
                looked.Add(MetricTime.Of(at), ("cluster", one.Cluster));
            }
        }

        var signs = page.Gauge(
            "salvor_observation", "What the last look saw: 1 for yes, 0 for no. What it could not see is absent.");
        foreach (var one in clusters)
        {
            foreach (var (sign, sighting) in one.Seen.Known)
            {
                signs.Add(sighting.Truth == Truth.Yes ? 1 : 0, ("cluster", one.Cluster), ("sign", sign.ToString()));
            }
        }

        var modes = page.Gauge("salvor_mode", "1 for the mode: what may be done without a word from anybody.");
        foreach (var one in clusters)
        {
            modes.Add(1, ("cluster", one.Cluster), ("mode", NameOf(one.Mode)));
        }

        var leads = page.Gauge("salvor_guard_leads", "1 for the guard that acts, 0 for one that watches.");
        foreach (var one in clusters)
        {
            if (one.Leads is { } isLeader)
            {
                leads.Add(isLeader ? 1 : 0, ("cluster", one.Cluster));
            }
        }
    }

    private static void WriteDecisions(MetricsPage page, IReadOnlyList<ClusterReading> clusters)
    {
        var deciding = clusters.Where(one => one.State is not null).ToList();
        var causes = page.Gauge("salvor_cause", "1 for what the last look found to be wrong, 0 for what it did not.");
        foreach (var one in deciding)
        {
            foreach (var cause in one.Causes)
            {
                var isFound = one.State!.Findings.Any(finding => finding.Cause.Id == cause.Id);
                causes.Add(isFound ? 1 : 0, ("cluster", one.Cluster), ("cause", cause.Id.ToString()));
            }
        }

        var plans = page.Gauge("salvor_plan_under_way", "1 for what is being done now.");
        foreach (var one in deciding)
        {
            if (one.State!.Plan is { } plan)
            {
                plans.Add(
                    1, ("cluster", one.Cluster), ("cause", plan.Cause.ToString()), ("rung", plan.Rung.ToString()));
            }
        }

        var needs = page.Gauge("salvor_needs_human", "1 for a cause that stands and that a person was told of.");
        foreach (var one in deciding)
        {
            foreach (var (cause, _) in one.State!.Standings.Where(pair => pair.Value.IsPaged).OrderBy(p => p.Key))
            {
                needs.Add(1, ("cluster", one.Cluster), ("cause", cause.ToString()));
            }
        }

        var paused = page.Gauge("salvor_paused", "1 while somebody works on the cluster and nothing new is begun.");
        foreach (var one in deciding)
        {
            paused.Add(one.State!.PausedUntil is null ? 0 : 1, ("cluster", one.Cluster));
        }
    }

    private static void WriteCounts(MetricsPage page, IReadOnlyList<ClusterReading> clusters)
    {
        var recoveries = page.Counter("salvor_recoveries_total", "Plans that have ended since the process began.");
        foreach (var one in clusters)
        {
            foreach (var ((cause, rung, result), count) in one.Recoveries)
            {
                recoveries.Add(
                    count, ("cluster", one.Cluster), ("cause", cause.ToString()), ("rung", rung.ToString()),
                    ("result", result));
            }
        }

        var pages = page.Counter("salvor_pages_total", "How often a person was called since the process began.");
        foreach (var one in clusters)
        {
            foreach (var (cause, count) in one.Pages)
            {
                pages.Add(count, ("cluster", one.Cluster), ("cause", cause.ToString()));
            }
        }
    }

    private static string NameOf(RecoveryMode mode) => mode switch
    {
        RecoveryMode.Automatic => "automatic",
        RecoveryMode.Approve => "approve",
        _ => "advise",
    };
}
