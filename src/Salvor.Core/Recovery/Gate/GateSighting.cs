using System.Collections.Immutable;
using Salvor.Node.Identity;
using Salvor.Repository;

namespace Salvor.Recovery.Gate;

/// <summary>What the gate saw: the facts of its decision, and what people want to know of them.</summary>
public sealed record GateSighting
{
    public required GateFacts Facts { get; init; }

    /// <summary>Where the data is on this machine; null where no manifest says.</summary>
    public string? DataDirectory { get; init; }

    public DataSighting Data { get; init; } = new(DataState.Unseen);

    /// <summary>The machine's stamp; null where it has none.</summary>
    public NodeIdentity? Stamp { get; init; }

    /// <summary>What the data lies on now.</summary>
    public MountIdentity? Mount { get; init; }

    /// <summary>The newest timeline of the repository, where that answered.</summary>
    public TimelineId? Newest { get; init; }

    /// <summary>Other files beside the manifest from which kubelet would start an etcd, such as a copy of it.</summary>
    public ImmutableArray<string> Strays { get; init; } = [];

    /// <summary>What could not be seen or read, each as a sentence.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
