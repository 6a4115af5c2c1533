using System.Collections.Immutable;

namespace Salvor.Configuration;

/// <summary>What is taken along besides etcd: the machine's PKI, manifests and configuration.</summary>
public sealed record KitConfig
{
    private const string Section = "kit";

    /// <summary>
    /// Where the control-plane machine's root directory is; null for "/" where etcd is on this machine, and for no kit
    /// where it is on another one.
    /// </summary>
    public string? Root { get; init; }

    /// <summary>Files and directories beyond those that Kubernetes' manifests and configuration name.</summary>
    public ImmutableArray<string> Extra { get; init; } = [];

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        faults.AddUnlessAbsolute($"{Section}.root", Root);
        foreach (var path in Extra)
        {
            faults.AddUnlessAbsolute($"{Section}.extra", path);
        }

        return faults.ToImmutable();
    }
}
