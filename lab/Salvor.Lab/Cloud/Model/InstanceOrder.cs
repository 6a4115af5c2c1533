using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>What RunInstances asked for.</summary>
public sealed record InstanceOrder(string ImageId, string InstanceType, string Zone)
{
    public string? PrivateAddress { get; init; }

    public string UserData { get; init; } = "";

    public bool DisableApiTermination { get; init; }

    public bool DisableApiStop { get; init; }

    public bool TerminatesOnShutdown { get; init; }

    public bool KeepsRoot { get; init; }

    public string AutoRecovery { get; init; } = "default";

    public ImmutableDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableDictionary<string, string> VolumeTags { get; init; } = ImmutableDictionary<string, string>.Empty;

    public IReadOnlyList<DiskOrder> Disks { get; init; } = [];
}
