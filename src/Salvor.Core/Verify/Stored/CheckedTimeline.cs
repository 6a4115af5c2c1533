using Salvor.Repository;
using Salvor.Repository.Log;

namespace Salvor.Verify.Stored;

/// <summary>A timeline under check.</summary>
internal sealed class CheckedTimeline(TimelineObjects objects)
{
    public TimelineObjects Objects { get; } = objects;

    public TimelineId Timeline => Objects.Timeline;

    /// <summary>Those with a manifest, newest first.</summary>
    public List<CheckedSnapshot> Snapshots { get; } = [];

    /// <summary>Packs that snapshots name, by their names without the folder; those of newer snapshots first.</summary>
    public OrderedDictionary<string, CheckedPack> Packs { get; } = new(StringComparer.Ordinal);

    /// <summary>Segments that can't be read.</summary>
    public HashSet<SegmentName> BadSegments { get; } = [];
}
