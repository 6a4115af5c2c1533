namespace Salvor.Repository.Keeping;

/// <summary>Which segments are merged into one.</summary>
public sealed record MergeRules
{
    /// <summary>Fewer segments than this wait for more, unless they fill a merged one.</summary>
    public int SegmentsMin { get; init; } = 64;

    /// <summary>How many go into one at most, however small they are.</summary>
    public int SegmentsMax { get; init; } = 4096;

    /// <summary>What a merged segment's sources take in the store at most.</summary>
    public long StoredBytesMax { get; init; } = 2 << 20;

    /// <summary>What is this large in the store is left as it is.</summary>
    public long LargeBytes { get; init; } = 128 << 10;

    /// <summary>A merged segment's content at most: a stream makes some as large, so no reader needs more memory.</summary>
    public int ContentBytesMax { get; init; } = 4 << 20;

    /// <summary>How many revisions a merged segment has at most: each has a sum in memory when two are compared.</summary>
    public int RevisionsMax { get; init; } = 1_000_000;

    /// <summary>How many segments one run of prune merges; the next run goes on.</summary>
    public int RunMax { get; init; } = 200_000;
}
