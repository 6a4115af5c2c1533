namespace Salvor.Tests.Shared;

/// <summary>How often a <see cref="FaultyStore"/> does what, each between 0 and 1.</summary>
internal sealed record FaultRates
{
    /// <summary>Nothing is done, and the call fails.</summary>
    public double ErrorBefore { get; init; }

    /// <summary>It is done, and the call fails: the answer was lost.</summary>
    public double LostAnswer { get; init; }

    /// <summary>A put fails, and is done only when a later call arrives: it was still under way.</summary>
    public double LatePut { get; init; }

    /// <summary>A put fails, and a part of the content is stored: what no honest store does.</summary>
    public double TornPut { get; init; }

    /// <summary>A list breaks off in the middle.</summary>
    public double BrokenList { get; init; }

    /// <summary>
    /// A list misses each of the last objects put, and shows each of the last deleted, with this chance.
    /// </summary>
    public double StaleList { get; init; }

    /// <summary>How many puts and deletes back a list may be behind.</summary>
    public int StaleChangesMax { get; init; } = 8;

    public static FaultRates Often { get; } = new()
    {
        ErrorBefore = 0.1,
        LostAnswer = 0.1,
        LatePut = 0.05,
        BrokenList = 0.1,
    };
}
