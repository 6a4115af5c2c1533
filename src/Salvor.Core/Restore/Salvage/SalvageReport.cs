using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Replay;
using Salvor.Verify;

namespace Salvor.Restore.Salvage;

/// <summary>What was saved, from what, and what was not.</summary>
public sealed record SalvageReport
{
    public required string Source { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>What the data was put together from, as a phrase.</summary>
    public required string PutTogetherFrom { get; init; }

    /// <summary>Whether nothing is lost that the files let anybody know of.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>What is lost, or may be, each as a sentence; empty when complete.</summary>
    public required IReadOnlyList<string> Losses { get; init; }

    /// <summary>What else the user should know.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The newest revision that was saved.</summary>
    public required long Revision { get; init; }

    /// <summary>The revision that etcd will start at: higher than the saved one where it was raised.</summary>
    public required long RevisionAtStart { get; init; }

    public required long CompactRevision { get; init; }

    /// <summary>The last raft index that went in.</summary>
    public required ulong RaftIndex { get; init; }

    public required ulong RaftTerm { get; init; }

    /// <summary>The index from which on the log was applied, less one: where the database ended; 0 for none.</summary>
    public required ulong BaseIndex { get; init; }

    /// <summary>Entries of the raft log that were applied, by what became of them; null when none was.</summary>
    public required ReplayCounts? Replayed { get; init; }

    public required long Entries { get; init; }

    public required long DatabaseBytes { get; init; }

    public required MemberRecord Member { get; init; }

    public required ClusterId Cluster { get; init; }

    public required string ClusterToken { get; init; }

    /// <summary>Everything that is wrong with the source.</summary>
    public required FindingList Findings { get; init; }

    public required IReadOnlyList<string> Quarantines { get; init; }

    public required TimeSpan Elapsed { get; init; }
}
