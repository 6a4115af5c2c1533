using System.Buffers;
using System.Collections.Immutable;
using Salvor.Repository;

namespace Salvor.Configuration;

/// <summary>What a guard watches from outside.</summary>
public sealed record GuardConfig
{
    public const int MinuteMsDefault = 60_000;

    private const string Section = "recovery.guard";
    private const int IdLengthMax = 64;

    private static readonly SearchValues<char> IdAlphabet =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>What this guard is called, other than every other one; null for the machine's name.</summary>
    public string? Name { get; init; }

    /// <summary>The cluster's name, as in the names of its alarms; null for <c>kubernetes</c>.</summary>
    public string? Cluster { get; init; }

    /// <summary>The API's endpoint, as kubelets and people reach it.</summary>
    public string? Endpoint { get; init; }

    /// <summary>PEM file with the cluster's certificate authority; null to believe whoever answers.</summary>
    public string? CaFile { get; init; }

    /// <summary>The cloud that the control plane's machine is in.</summary>
    public string? Cloud { get; init; }

    /// <summary>The cloud's region; null for that of the environment, the profile, or this machine.</summary>
    public string? Region { get; init; }

    /// <summary>The control plane's machine, by the cloud's id.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The volume with etcd's data, by the cloud's id; null where none is watched.</summary>
    public string? EtcdVolume { get; init; }

    /// <summary>The device that the volume is attached as; null where no guard attaches it.</summary>
    public string? EtcdDevice { get; init; }

    /// <summary>What a minute is, in milliseconds: less only in a rehearsal, where waits are shorter by it.</summary>
    public int MinuteMs { get; init; } = MinuteMsDefault;

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        faults.AddIf(Name is not null && !HolderId.TryParse(Name, out _), $"{Section}.name",
            $"'{Name}' is not of at most {HolderId.LengthMax} small letters, digits and . _ -.");
        var url = Uri.TryCreate(Endpoint, UriKind.Absolute, out var parsed) ? parsed : null;
        faults.AddIf(
            Endpoint is not null
                && url is not { Scheme: "https", UserInfo: "", Host.Length: > 0, PathAndQuery: "/", Fragment: "" },
            $"{Section}.endpoint", $"'{Endpoint}' is not of the form https://HOST:PORT.");
        faults.AddUnlessAbsolute($"{Section}.caFile", CaFile);
        faults.AddIf(Cloud is not (null or "aws"), $"{Section}.cloud", $"'{Cloud}' is not aws, the only one so far.");
        AddUnlessId(faults, "cluster", Cluster);
        AddUnlessId(faults, "instanceId", InstanceId);
        AddUnlessId(faults, "etcdVolume", EtcdVolume);
        faults.AddUnlessAbsolute($"{Section}.etcdDevice", EtcdDevice);
        faults.AddIf(EtcdDevice is not null && EtcdVolume is null, $"{Section}.etcdDevice",
            "is of no use without etcdVolume.");
        faults.AddUnlessWithin($"{Section}.minuteMs", MinuteMs, 1000, MinuteMsDefault);
        return faults.ToImmutable();
    }

    private static void AddUnlessId(ConfigFaults faults, string key, string? value) => faults.AddIf(
        value is not null && (value.Length > IdLengthMax || value.AsSpan().ContainsAnyExcept(IdAlphabet)),
        $"{Section}.{key}", $"'{value}' is not of at most {IdLengthMax} letters, digits and - _ .");
}
