using System.Text.Json.Serialization;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Shared;

/// <summary>A person allows one rung for one cause, once.</summary>
public sealed record Approval
{
    /// <summary>How far the clock of whoever gave it may be ahead.</summary>
    public static readonly TimeSpan SkewMax = TimeSpan.FromMinutes(1);

    /// <summary>Older ones don't count: what was true when it was given may not be any more.</summary>
    public static TimeSpan HoldsFor => RecoveryEvent.Approved.HoldsFor;

    private const int NameLengthMax = 500;

    [JsonConverter(typeof(JsonStringEnumConverter<CauseId>))]
    public required CauseId Cause { get; init; }

    [JsonConverter(typeof(JsonStringEnumConverter<Rung>))]
    public required Rung Rung { get; init; }

    /// <summary>When it was given, by the giver's clock.</summary>
    public required DateTimeOffset Written { get; init; }

    public required string Who { get; init; }

    public bool HoldsAt(DateTimeOffset now) => now - Written < HoldsFor && Written - now < SkewMax;

    /// <summary>What breaks the format's rules; null when nothing does.</summary>
    internal string? Fault() =>
        !Enum.IsDefined(Cause) || !Enum.IsDefined(Rung) ? "it names no cause and rung of this version"
        : Who.Length > NameLengthMax ? "its texts are too long"
        : null;
}
