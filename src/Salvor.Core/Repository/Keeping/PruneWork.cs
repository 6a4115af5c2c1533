using System.Collections.Immutable;
using Salvor.ObjectStore;

namespace Salvor.Repository.Keeping;

/// <summary>What the plans that are due allow to delete, after the second look.</summary>
internal sealed record PruneWork
{
    public ImmutableArray<ObjectName> Snapshots { get; init; } = [];

    public ImmutableArray<ObjectInfo> Packs { get; init; } = [];

    public ImmutableArray<ObjectInfo> Checks { get; init; } = [];

    public ImmutableArray<PruneLogRange> Log { get; init; } = [];

    /// <summary>The plans themselves, which go last.</summary>
    public ImmutableArray<ObjectName> Plans { get; init; } = [];
}
