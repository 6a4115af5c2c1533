using Salvor.Repository;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>What a store lists of one timeline.</summary>
internal sealed class TimelineObjects(TimelineId timeline)
{
    public TimelineId Timeline { get; } = timeline;

    /// <summary>Lengths of the packs, by their names without the folder.</summary>
    public Dictionary<string, long> Packs { get; } = new(StringComparer.Ordinal);

    /// <summary>In the order of revisions.</summary>
    public List<SnapshotEntry> Snapshots { get; } = [];

    /// <summary>In the order of their names.</summary>
    public List<(SegmentName Name, long Bytes)> Segments { get; } = [];
}
