using System.Text.Json.Serialization;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>What a guard saw at its last look, for the others.</summary>
public sealed record GuardReport
{
    public required string Guard { get; init; }

    /// <summary>Which run of the guard's process this is: its counter begins anew in each.</summary>
    public required string Run { get; init; }

    /// <summary>Raised in every report of a run.</summary>
    public required long Counter { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<Truth>))]
    public required Truth EndpointAccepts { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<Truth>))]
    public required Truth EndpointReady { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<Truth>))]
    public required Truth HeartbeatFresh { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<Truth>))]
    public required Truth ProviderReachable { get; init; }

    /// <summary>Whether it leads: for people.</summary>
    public required bool IsLeader { get; init; }

    /// <summary>When, by the guard's clock. For people: no rule reads it.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>What breaks the format's rules; null when nothing does.</summary>
    internal string? Fault(HolderId guard) =>
        Guard != guard.Value ? "it is another guard's"
        : !Nonce.IsValid(Run) ? "its run is not 32 hex digits"
        : Counter < 1 ? $"its counter is {Counter}"
        : null;
}
