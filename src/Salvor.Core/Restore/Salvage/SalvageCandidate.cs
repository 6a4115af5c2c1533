using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Replay;
using Salvor.Formats.RaftWal;

namespace Salvor.Restore.Salvage;

/// <summary>One way to put the data together: a base, or none, and the log on top of it.</summary>
internal sealed record SalvageCandidate : IDisposable
{
    /// <summary>The database to begin with; null where the log tells everything from its first entry on.</summary>
    public DatabaseSurvey? Base { get; init; }

    /// <summary>The replay; null where there is no log, or the base has holes, on which nothing may be built.</summary>
    public KeyspaceReplay? Replay { get; init; }

    public ReplaySpill? Spill { get; init; }

    public WalLog? Log { get; init; }

    /// <summary>Why the replay ended before the log did.</summary>
    public ReplayStop Stop { get; init; }

    /// <summary>
    /// The highest index that is known to have been committed, or that a lone member would commit at its start.
    /// </summary>
    public ulong IndexWanted { get; init; }

    /// <summary>How many members had a vote; null when nothing tells.</summary>
    public int? VoterCount { get; init; }

    public long Revision => Replay?.HeadRevision ?? Base?.Keyspace.HeadRevision ?? 1;

    public long CompactRevision => Replay?.CompactRevision ?? Base?.Keyspace.CompactRevision ?? 0;

    public ulong Index => Replay?.ConsistentIndex ?? Base?.Meta.ConsistentIndex ?? 0;

    public IEnumerable<LeaseRecord> Leases => Replay?.Leases ?? Base?.Leases ?? [];

    public IEnumerable<AlarmRecord> Alarms => Replay?.Alarms ?? Base?.Alarms ?? [];

    /// <summary>Whether nothing of what the base should hold is missing.</summary>
    public bool IsBaseWhole => Base?.IsWhole ?? true;

    /// <summary>Revisions that damage took out of the middle of the base, as far as they can be counted.</summary>
    public long RevisionsMissing => Base?.RevisionsMissing ?? 0;

    /// <summary>Whether every entry that should be applied was.</summary>
    public bool IsLogApplied => Index >= IndexWanted;

    /// <summary>
    /// Whether the log ends before the database does. etcd writes the log first, so bytes of its end are lost, and
    /// nobody knows how many.
    /// </summary>
    public bool IsLogShort => Base is not null && Log is not null && Log.LastIndex < Base.Meta.ConsistentIndex;

    /// <summary>Whether the log holds entries that several voters may or may not have agreed on.</summary>
    public bool HasUncommitted => VoterCount > 1 && Log?.LastIndexSeen > IndexWanted;

    /// <summary>Nothing is lost that the files let anybody know of.</summary>
    public bool IsComplete => IsBaseWhole && IsLogApplied && !IsLogShort && !HasUncommitted
        && Log is { HasCorruptTail: false, HasForeignSegment: false, IsLastSegmentFull: false };

    public void Dispose() => Spill?.Dispose();
}
