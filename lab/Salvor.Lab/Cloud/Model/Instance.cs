using System.Collections.Immutable;

namespace Salvor.Lab.Cloud.Model;

/// <summary>An instance as the API knows it.</summary>
public sealed record Instance(string Id, string Zone, string PrivateAddress, DateTimeOffset LaunchTime)
{
    public string ImageId { get; init; } = "";

    public string InstanceType { get; init; } = "";

    public InstanceState State { get; init; }

    public string Reason { get; init; } = "";

    public ImmutableDictionary<string, string> Tags { get; init; } = ImmutableDictionary<string, string>.Empty;

    public string UserData { get; init; } = "";

    public bool DisableApiTermination { get; init; }

    public bool DisableApiStop { get; init; }

    public bool TerminatesOnShutdown { get; init; }

    public string AutoRecovery { get; init; } = "default";

    public string RootVolume { get; init; } = "";

    /// <summary>Whether the simulated host under it is well: the system check.</summary>
    public bool IsHostUp { get; init; } = true;

    /// <summary>While it starts, reboots or recovers, a machine that is off says nothing.</summary>
    public bool IsBusy { get; init; }

    /// <summary>The last result of the instance check; null until the first one that counts.</summary>
    public bool? Answers { get; init; }

    public DateTimeOffset? ImpairedSince { get; init; }

    public DateTimeOffset? TerminatedAt { get; init; }
}
