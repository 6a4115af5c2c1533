using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Outside;

/// <summary>What was done about a cause, by the journal of whoever did it.</summary>
/// <param name="By">The agent; null for the guards, who have one journal.</param>
/// <param name="Cause">What was wrong.</param>
/// <param name="Rung">What was done; null where nothing is done about the cause.</param>
/// <param name="Began">The first entry's time, by its writer's clock.</param>
/// <param name="Last">The last entry's.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Text">The last thing that was said of it.</param>
public sealed record PastRecovery(
    string? By, CauseId Cause, Rung? Rung, DateTimeOffset Began, DateTimeOffset Last, PastState State, string Text)
{
    /// <summary>Each plan of a journal, in the order in which they were begun.</summary>
    public static IEnumerable<PastRecovery> Of(string? by, IEnumerable<JournalEntry> entries) => entries
        .Where(entry => entry.IsSane)
        .GroupBy(entry => entry.PlanId, (_, plan) => Of(by, plan.ToImmutableArray()));

    private static PastRecovery Of(string? by, ImmutableArray<JournalEntry> plan) => new(
        by, plan[0].Cause, plan[0].Rung, plan[0].At, plan[^1].At, StateOf(plan),
        plan.LastOrDefault(entry => entry.Text.Length > 0)?.Text ?? "");

    private static PastState StateOf(ImmutableArray<JournalEntry> plan) =>
        plan.LastOrDefault(entry => entry.Kind == EntryKind.Closed) is { } closed
            ? closed.Result == StepResult.Done ? PastState.Done : PastState.Failed
            : plan.Any(entry => entry.Kind is not (EntryKind.Page or EntryKind.Advice)) ? PastState.GoesOn
            : plan.Any(entry => entry.Kind == EntryKind.Page) ? PastState.NeedsPerson
            : PastState.Advised;
}
