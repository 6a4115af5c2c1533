using System.Collections.Immutable;

namespace Salvor.Configuration;

/// <summary>What prune keeps. A snapshot is kept when any of the rules wants it; 0 turns a rule off.</summary>
public sealed record RetentionConfig
{
    private const string Section = "retention";
    private const int CountMax = 10_000;

    /// <summary>So many newest ones, at least 1.</summary>
    public int KeepLast { get; init; } = 3;

    /// <summary>The newest one of each of so many hours.</summary>
    public int Hourly { get; init; } = 24;

    /// <summary>The newest one of each of so many days.</summary>
    public int Daily { get; init; } = 7;

    /// <summary>The newest one of each of so many weeks.</summary>
    public int Weekly { get; init; } = 4;

    /// <summary>The newest one of each of so many months.</summary>
    public int Monthly { get; init; } = 6;

    /// <summary>How many hours back every single revision can be restored.</summary>
    public int ContinuousHours { get; init; } = 48;

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        faults.AddUnlessWithin($"{Section}.keepLast", KeepLast, 1, CountMax);
        faults.AddUnlessWithin($"{Section}.hourly", Hourly, 0, CountMax);
        faults.AddUnlessWithin($"{Section}.daily", Daily, 0, CountMax);
        faults.AddUnlessWithin($"{Section}.weekly", Weekly, 0, CountMax);
        faults.AddUnlessWithin($"{Section}.monthly", Monthly, 0, CountMax);
        faults.AddUnlessWithin($"{Section}.continuousHours", ContinuousHours, 0, 24 * 366);
        return faults.ToImmutable();
    }
}
