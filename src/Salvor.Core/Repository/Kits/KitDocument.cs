using System.Collections.Immutable;

namespace Salvor.Repository.Kits;

/// <summary>
/// What etcd does not hold, and a new control-plane machine needs: docs/formats/repository.md, "Kits".
/// </summary>
public sealed record KitDocument
{
    public required DateTimeOffset Captured { get; init; }

    /// <summary>
    /// The directory whose pods the kubelet runs as soon as they appear: a restore comes to it last. Null where none.
    /// </summary>
    public string? StaticPods { get; init; }

    /// <summary>In ordinal order of their paths, so that a directory comes before what is in it.</summary>
    public required ImmutableArray<KitEntry> Entries { get; init; }

    /// <summary>What belongs to it and is not in it; empty when it is complete.</summary>
    public required ImmutableArray<KitMissing> Missing { get; init; }
}
