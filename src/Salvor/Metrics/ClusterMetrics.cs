using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Metrics;

/// <summary>What a daemon's metrics tell of one cluster. Written by the daemon's tasks, read by whoever scrapes.
/// </summary>
internal sealed class ClusterMetrics(
    string cluster, RecoveryMode mode, ImmutableArray<Cause> causes, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(CauseId Cause, Rung Rung, string Result), long> _recoveries = [];
    private readonly SortedDictionary<CauseId, long> _pages = [];
    private DateTimeOffset? _lookedAt;
    private Observations _seen = Observations.None;
    private EngineState? _state;
    private bool? _leads;

    public string Cluster => cluster;

    public void Looked(Observations seen)
    {
        lock (_gate)
        {
            (_seen, _lookedAt) = (seen, time.GetUtcNow());
        }
    }

    /// <param name="state">What the engine made of the last look; null while it does not decide anything.</param>
    public void Decided(EngineState? state)
    {
        lock (_gate)
        {
            _state = state;
        }
    }

    /// <summary>Of a guard: whether it is the one that acts.</summary>
    public void Leads(bool isLeader)
    {
        lock (_gate)
        {
            _leads = isLeader;
        }
    }

    public void Journaled(JournalEntry entry)
    {
        lock (_gate)
        {
            if (entry is { Kind: EntryKind.Closed, Rung: { } rung })
            {
                // One that was given up or taken back has failed, whatever the word for it.
                Count(_recoveries, (entry.Cause, rung, entry.Result == StepResult.Done ? "done" : "failed"));
            }
            else if (entry.Kind == EntryKind.Page)
            {
                Count(_pages, entry.Cause);
            }
        }
    }

    public ClusterReading Read()
    {
        lock (_gate)
        {
            return new ClusterReading(
                cluster, mode, causes, _lookedAt, _seen, _state, _leads, [.. _recoveries], [.. _pages]);
        }
    }

    private static void Count<TKey>(SortedDictionary<TKey, long> counts, TKey key)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;
}
