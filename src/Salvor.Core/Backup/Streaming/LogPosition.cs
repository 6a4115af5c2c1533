using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>How far a timeline's history is stored, and what is known of who made it.</summary>
/// <param name="Revision">The last revision that is safe.</param>
/// <param name="Origin">Who was seen at it; null where nothing says.</param>
internal sealed record LogPosition(long Revision, SegmentOrigin? Origin)
{
    /// <summary>What the last revision changed, where the log has it.</summary>
    public RevisionProof? Proof { get; init; }

    /// <summary>
    /// A snapshot's revision from which the log may go on where etcd no longer has what comes before it.
    /// </summary>
    public long SnapshotRevision { get; init; }
}
