using Salvor.Node.Identity;
using Salvor.Recovery.Evidence;
using Salvor.Repository;

namespace Salvor.Recovery.OnMachine.Looks;

/// <summary>What the repository told of its timelines.</summary>
/// <param name="Asked">When it was asked, as the clock's time stamp.</param>
/// <param name="IsReachable">Whether it told; unknown while it has not answered.</param>
/// <param name="Detail">Why it did not.</param>
public sealed record TimelineAnswer(long Asked, Truth IsReachable, string Detail)
{
    /// <summary>The newest that is in use; null where there is none yet, or nobody told.</summary>
    public TimelineId? Newest { get; init; }

    /// <summary>The cluster that has begun it; null where it is active, and nobody's yet.</summary>
    public string? Cluster { get; init; }

    /// <summary>Whether another control plane has taken the place of a machine with this stamp.</summary>
    public Sighting NewerThan(NodeIdentity? stamp)
    {
        if (IsReachable != Truth.Yes)
        {
            return new Sighting(Truth.Unknown, Detail);
        }

        if (stamp is null)
        {
            return new Sighting(Truth.Unknown, "this machine has no stamp that tells whose etcd it has");
        }

        if (Newest is not { } newest)
        {
            return new Sighting(Truth.No, "no timeline has begun");
        }

        if (IsOf(stamp))
        {
            return new Sighting(Truth.No, $"timeline {newest} is this cluster's");
        }

        return stamp.Timeline is { } ours
            ? new Sighting(newest.Value > ours ? Truth.Yes : Truth.No, $"timeline {newest}; ours is {ours}")
            : new Sighting(Truth.Unknown, $"timeline {newest}; nobody knows which is ours");
    }

    /// <summary>The newest timeline that is known to be a machine's with this stamp; null where none is.</summary>
    public int? OwnOf(NodeIdentity? stamp) => stamp is not null && IsOf(stamp) ? Newest?.Value : stamp?.Timeline;

    private bool IsOf(NodeIdentity stamp) => Cluster?.TrimStart('0') == stamp.ClusterId;
}
