using System.Text.Json.Serialization;

namespace Salvor.Recovery.Shared;

/// <summary>What the owner of a heartbeat says of the machine that it is on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HeartbeatState>))]
public enum HeartbeatState
{
    [JsonStringEnumMemberName("healthy")]
    Healthy,

    /// <summary>Something is wrong, and nothing is done about it yet.</summary>
    [JsonStringEnumMemberName("degraded")]
    Degraded,

    /// <summary>It is repairing: whoever watches waits for it.</summary>
    [JsonStringEnumMemberName("acting")]
    Acting,
}
