using System.Text.Json.Serialization;

namespace Salvor.Recovery.Shared;

/// <summary>How far a timeline that a recovery wants has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClaimState>))]
public enum ClaimState
{
    /// <summary>Somebody means to make it active. It stops nobody, and can be taken back.</summary>
    [JsonStringEnumMemberName("claimed")]
    Claimed,

    /// <summary>It is the cluster's: whoever writes to an older one has to stop. For good.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>Taken back. It may be claimed again, and never becomes active from here.</summary>
    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,
}
