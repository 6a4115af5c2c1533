using System.Collections.Immutable;

namespace Salvor.Repository.Keeping;

/// <summary>What a prune plan's object says: what no kept snapshot needed when it was written.</summary>
public sealed record PrunePlan
{
    /// <summary>How many names a plan may have; the rest is left to the next one.</summary>
    public const int NamesMax = 200_000;

    /// <summary>For people: by the clock of the machine that wrote it, and no rule depends on it.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Full names of snapshots.</summary>
    public ImmutableArray<string> Snapshots { get; init; } = [];

    /// <summary>Full names of packs. They are condemned: nothing new may use them.</summary>
    public ImmutableArray<string> Packs { get; init; } = [];

    /// <summary>Full names of records of checks.</summary>
    public ImmutableArray<string> Checks { get; init; } = [];

    /// <summary>Parts of the log.</summary>
    public ImmutableArray<PruneLogRange> Log { get; init; } = [];

    /// <summary>Full names of segments: others hold nothing that these don't.</summary>
    public ImmutableArray<string> Covering
    {
        get => field.IsDefault ? [] : field; // An older salvor's plan has none.
        init;
    }

    public bool IsEmpty =>
        Snapshots.IsEmpty && Packs.IsEmpty && Checks.IsEmpty && Log.IsEmpty && Covering.IsEmpty;
}
