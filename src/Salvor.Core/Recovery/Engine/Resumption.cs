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
                Taken = state.Taken.Add(new TakenRung(entry.Cause, rung, UptimeOf(entry, now))),
            };
        }

        if (state.Plan is not { } plan || plan.Id != entry.PlanId)
        {
            return state;
        }

        return entry switch
        {
            { Kind: EntryKind.Closed } => state with { Plan = null },
            { Kind: EntryKind.TakingBack } when !plan.IsUndo => state with
            {
                Plan = PlanSteps.TakenBack(plan, settings.RuleOf(plan.Rung), now.Uptime),
                Taken = PlanSteps.GivenBack(state.Taken, plan, settings.RuleOf(plan.Rung)),
            },
            { Kind: EntryKind.Intent, Step: { } step } => state with
            {
                Plan = Begin(plan, step),
                Taken = plan.IsUndo
                    ? state.Taken
                    : PlanSteps.TakenNow(state.Taken, step, settings.RuleOf(plan.Rung), UptimeOf(entry, now)),
            },
            { Kind: EntryKind.Outcome, Step: { } step, Result: StepResult.Done }
                when plan.At < plan.Steps.Length && plan.Step == step =>
                state with
                {
                    Plan = plan with { At = plan.At + 1, Failures = 0, Proofs = plan.Proofs | entry.Proofs },
                },
            _ => state,
        };
    }

    /// <summary>When it was written; one of the future counts as of now.</summary>
    private static TimeSpan UptimeOf(JournalEntry entry, Moment now) =>
        entry.At < now.Wall ? now.Uptime - (now.Wall - entry.At) : now.Uptime;

    /// <summary>The plan at a step that was begun: where it is, or past a step that was passed over.</summary>
    private static Plan Begin(Plan plan, StepKind step)
    {
        if (plan.At + 1 < plan.Steps.Length && plan.Step != step && plan.Steps[plan.At + 1] == step
            && PlanSteps.MayPassOver(plan))
        {
            plan = plan with { At = plan.At + 1, Failures = 0, HasPassedOver = true };
        }

        // Every wait that was begun counts, also by who ended in it: else each new leader would wait all over again.
        var isWait = !plan.IsUndo && plan.At < plan.Steps.Length && plan.Step == step && PlanSteps.MayPassOver(plan);
        plan = plan with { Failures = isWait ? plan.Failures + 1 : 0 };
        return plan.IsUndo || plan.Begun.Contains(step) ? plan : plan with { Begun = plan.Begun.Add(step) };
    }
}
