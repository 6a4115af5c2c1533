using System.Collections.Immutable;

namespace Salvor.Configuration;

/// <summary>When snapshots are taken.</summary>
public sealed record SnapshotsConfig
{
    /// <summary>Minutes from one snapshot to the next: 1 to 10,080 (a week).</summary>
    /// <remarks>Changes are stored all the time; snapshots bound how many of them a restore has to apply.</remarks>
    public int EveryMinutes { get; init; } = 60;

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        faults.AddUnlessWithin("snapshots.everyMinutes", EveryMinutes, 1, 10_080);
        return faults.ToImmutable();
    }
}
