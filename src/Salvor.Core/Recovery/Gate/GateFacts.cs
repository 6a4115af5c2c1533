using Salvor.Node.Identity;

namespace Salvor.Recovery.Gate;

/// <summary>All that a decision of the gate depends on.</summary>
public sealed record GateFacts
{
    public required ManifestPlace Manifest { get; init; }

    /// <summary>Whether the manifest is one that the gate judges: readable, and of a cluster's only member.</summary>
    public required bool IsInScope { get; init; }

    public required EtcdPresence Etcd { get; init; }

    public required DataState Data { get; init; }

    public required MountState Mount { get; init; }

    public required TimelineState Timeline { get; init; }

    /// <summary>Whether the machine is stamped: an etcd was seen to be well on it.</summary>
    public required bool IsStamped { get; init; }

    public required GateSwitch Switch { get; init; }
}
