namespace Salvor.Repository.Snapshots;

/// <summary>How a timeline came about.</summary>
public sealed record TimelineBegin
{
    public required int Timeline { get; init; }

    /// <summary>The cluster whose history this is, in hex; null until its first writer says.</summary>
    public required string? ClusterId { get; init; }

    /// <summary>The timeline that it forked from; null for the first one.</summary>
    public int? Parent { get; init; }

    /// <summary>The parent's last revision that is part of this history.</summary>
    public long? ParentRevision { get; init; }

    /// <summary>Why it began, for people.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset Begun { get; init; }
}
