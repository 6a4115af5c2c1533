namespace Salvor.Recovery.OnMachine.Hands;

/// <summary>What a plan puts, or has put, in the place of etcd's data.</summary>
public sealed record RecoveredData
{
    public required string PlanId { get; init; }

    /// <summary>The new cluster's id, in hex as etcd prints it: known before anything is put in place.</summary>
    public required string ClusterId { get; init; }

    public required string MemberId { get; init; }

    /// <summary>Where it comes from, in words.</summary>
    public required string Source { get; init; }

    /// <summary>The last revision that it holds of the old cluster's; 0 while that is not known.</summary>
    public long Revision { get; init; }

    /// <summary>Whether it is in place.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>The timeline that was begun for it; null while none was.</summary>
    public int? Timeline { get; init; }
}
