using Salvor.Cloud;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>The control plane that a guard watches, and who watches.</summary>
public sealed record GuardTarget
{
    /// <summary>The tag of a machine that another one has replaced. An empty value counts as no tag.</summary>
    public const string FencedTag = "salvor-fenced";

    /// <summary>This guard, which no other one of the cluster is called.</summary>
    public required HolderId Guard { get; init; }

    /// <summary>The cluster, as in the names of its alarms.</summary>
    public required string Cluster { get; init; }

    /// <summary>The API's endpoint: scheme, host and port.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The control plane's machine.</summary>
    public required MachineId Machine { get; init; }

    /// <summary>The volume with etcd's data; null where none is watched.</summary>
    public VolumeId? EtcdVolume { get; init; }

    /// <summary>Under which name the machine has that volume; null where it is not to be attached by a guard.</summary>
    public string? EtcdDevice { get; init; }

    public GuardTimes Times { get; init; } = new();
}
