using System.Collections.Immutable;
using Salvor.Recovery.Outside;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Cli;

/// <summary>How a repository stands.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Timeline">The newest timeline; null where nothing was ever stored.</param>
/// <param name="Snapshot">Its newest snapshot.</param>
/// <param name="Log">Its log.</param>
internal sealed record RepositoryStatus(
    string Location, int? Timeline, SnapshotEntry? Snapshot, LogSummary? Log)
{
    /// <summary>The newest snapshot of the timelines before, where the newest one has none.</summary>
    public SnapshotEntry? Before { get; init; }

    /// <summary>Who watches the cluster; null where that was not asked.</summary>
    public Watchers? Watchers { get; init; }

    /// <summary>What was done about the cluster in the last day, oldest first.</summary>
    public ImmutableArray<PastRecovery> Recoveries { get; init; } = [];

    /// <summary>etcd's revision now; null where it can't be asked.</summary>
    public long? EtcdRevision { get; init; }

    /// <summary>Why it can't.</summary>
    public string? EtcdFailure { get; init; }

    /// <summary>The newest revision that can be restored; null where there is no snapshot.</summary>
    public long? SafeRevision => Snapshot is null ? null : Log?.Index.EndOf(Snapshot.Revision) ?? Snapshot.Revision;

    /// <summary>Revisions that only etcd has.</summary>
    public long? RevisionsAtRisk =>
        EtcdRevision is { } now && SafeRevision is { } safe ? Math.Max(0, now - safe) : null;

    /// <summary>When the newest of what can be restored was stored.</summary>
    public DateTimeOffset? Stored =>
        Log?.NewestStored is { } log && log > Snapshot?.Stored ? log : Snapshot?.Stored;

    /// <summary>Holes in the log behind the newest snapshot; what lies after the first can't be restored.</summary>
    public IReadOnlyList<RevisionGap> Gaps => Snapshot is { } s && Log is { } l
        ? l.Index.ChainOf(s.Revision, Math.Max(s.Revision, l.Index.LastRevision)).Gaps
        : [];
}
