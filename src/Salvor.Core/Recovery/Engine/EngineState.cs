using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>All that the engine remembers.</summary>
public sealed record EngineState
{
    public static EngineState Empty { get; } = new();

    /// <summary>Every cause that was seen lately.</summary>
    public ImmutableDictionary<CauseId, Standing> Standings { get; init; } =
        ImmutableDictionary<CauseId, Standing>.Empty;

    /// <summary>What the last look found.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>What is being done. One thing at a time.</summary>
    public Plan? Plan { get; init; }

    /// <summary>What was done lately.</summary>
    public ImmutableArray<TakenRung> Taken { get; init; } = [];

    /// <summary>Until when nothing new is begun, as it was said.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>The same by uptime, which alone counts: a jump of the machine's clock ends no pause.</summary>
    public TimeSpan PauseEnds { get; init; }

    /// <summary>What a person allowed, and was not done yet; until when that counts, by uptime.</summary>
    public (CauseId Cause, Rung Rung, TimeSpan Until)? Approved { get; init; }

    /// <summary>
    /// Whether the next look decides something: a plan waits for it, or a cause that nobody was told of, and nothing
    /// was done about yet, is becoming sure.
    /// </summary>
    public bool IsAlert => PausedUntil is null && (Plan is { IsPaged: false } || Ripens());

    /// <summary>How often a rung was taken within its budget's window.</summary>
    public int TakenOf(RungRule rule, Moment now) =>
        Taken.Count(taken => taken.Rung == rule.Rung && now.Uptime - taken.At < rule.BudgetWindow);

    /// <summary>What a cause holds back, of which a person was told, waits with it.</summary>
    private bool Ripens()
    {
        foreach (var finding in Findings)
        {
            if (Standings.TryGetValue(finding.Cause.Id, out var standing))
            {
                if (!standing.IsPaged && standing.LastEnded is null)
                {
                    return true;
                }

                if (standing.IsPaged && finding.Cause.HoldsBack && standing.Tried == 0)
                {
                    return false;
                }
            }
        }

        return false;
    }

    public bool HasBudget(RungRule rule, Moment now) => TakenOf(rule, now) < rule.Budget;
}
