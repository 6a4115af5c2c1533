using System.Collections.Immutable;
using Salvor.ObjectStore;
using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>What the plans that are due allow to delete, after the second look.</summary>
internal sealed record PruneWork
{
    public ImmutableArray<ObjectName> Snapshots { get; init; } = [];

    public ImmutableArray<ObjectInfo> Packs { get; init; } = [];

    public ImmutableArray<ObjectInfo> Checks { get; init; } = [];

    public ImmutableArray<PruneLogRange> Log { get; init; } = [];

    /// <summary>Segments that cover others, which go when it is proven that they hold nothing else.</summary>
    public ImmutableArray<(TimelineId Timeline, SegmentName Segment)> Covering { get; init; } = [];

    /// <summary>Those others.</summary>
    public ImmutableArray<ObjectInfo> Covered { get; init; } = [];

    /// <summary>The plans themselves, which go last.</summary>
    public ImmutableArray<ObjectName> Plans { get; init; } = [];
}
