using System.Collections.Immutable;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>Takes up what a journal tells: an engine that was killed, or another guard's.</summary>
public static class Resumption
{
    /// <summary>
    /// The state to go on from. A step whose outcome is not told is done again: steps are idempotent.
    /// </summary>
    public static EngineState From(ImmutableArray<JournalEntry> journal, RecoverySettings settings, Moment now)
    {
        var state = EngineState.Empty;
        foreach (var entry in journal)
        {
            state = Apply(state, entry, settings, now);
        }

        return state;
    }

    private static EngineState Apply(EngineState state, JournalEntry entry, RecoverySettings settings, Moment now)
    {
        if (entry.Kind == EntryKind.Opened && entry.Rung is { } rung
            && settings.Rungs.FirstOrDefault(rule => rule.Rung == rung) is { } opened
            && settings.Causes.Any(cause => cause.Id == entry.Cause))
        {
            return state with
            {
                Plan = new Plan(entry.PlanId, entry.Cause, rung, opened.Steps) { NotBefore = now.Uptime },
                Taken = state.Taken.Add(new TakenRung(entry.Cause, rung, entry.At)),
            };
        }

        if (state.Plan is not { } plan || plan.Id != entry.PlanId)
        {
            return state;
        }

        return entry switch
        {
            { Kind: EntryKind.Closed } => state with { Plan = null },
            { Kind: EntryKind.TakingBack } => state with
            {
                Plan = PlanSteps.TakenBack(plan, settings.RuleOf(plan.Rung), now.Uptime),
            },
            { Kind: EntryKind.Intent, Step: { } step } when !plan.IsUndo && !plan.Begun.Contains(step) =>
                state with { Plan = plan with { Begun = plan.Begun.Add(step) } },
            { Kind: EntryKind.Outcome, Step: { } step, Result: StepResult.Done }
                when plan.At < plan.Steps.Length && plan.Step == step =>
                state with { Plan = plan with { At = plan.At + 1, Proofs = plan.Proofs | entry.Proofs } },
            _ => state,
        };
    }
}
