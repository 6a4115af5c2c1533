using System.Collections.Immutable;

namespace Salvor.Configuration;

/// <summary>The snapshots that a stream takes beside the log.</summary>
public sealed record SnapshotsConfig
{
    private const string Section = "snapshots";
    private const int MinutesOfWeek = 7 * 24 * 60;

    /// <summary>How often, in minutes: 1 to 10,080, which is a week; 0 for never.</summary>
    /// <remarks>
    /// An hour by default: as many as retention keeps by the hour, and what a restore has to replay of the log is some
    /// seconds' work at any usual rate of changes.
    /// </remarks>
    public int EveryMinutes { get; init; } = 60;

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        faults.AddUnlessWithin($"{Section}.everyMinutes", EveryMinutes, 0, MinutesOfWeek);
        return faults.ToImmutable();
    }
}
