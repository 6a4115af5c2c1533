namespace Salvor.Repository.Log;

/// <summary>What a segment says before its records.</summary>
public sealed record SegmentHeader
{
    public required long FirstRevision { get; init; }

    public required long LastRevision { get; init; }

    /// <summary>When the first revision was seen, by the writer's clock.</summary>
    public required DateTimeOffset FirstTime { get; init; }

    public required SegmentOrigin Origin { get; init; }

    /// <summary>Every lease that a key in the segment refers to.</summary>
    public required IReadOnlyList<SegmentLease> Leases { get; init; }
}
