using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>Goes through a plan's steps: forward, or taking it back.</summary>
internal sealed class PlanSteps(RecoverySettings settings)
{
    /// <summary>How often a step is tried before the plan is taken back, where it still can be.</summary>
    private const int TriesMax = 3;

    /// <summary>How often a step that must succeed has failed when a person is told.</summary>
    private const int PageAfter = 5;

    private static readonly TimeSpan BackOffMax = TimeSpan.FromMinutes(1);

    /// <summary>How long a plan waits for a look that can tell whether its cause still stands.</summary>
    private static readonly TimeSpan LookPatience = TimeSpan.FromMinutes(5);

    public static JournalEntry Entry(Plan plan, EntryKind kind, Moment now) => new()
    {
        Kind = kind,
        At = now.Wall,
        PlanId = plan.Id,
        Cause = plan.Cause,
        Rung = plan.Rung,
    };

    /// <summary>Begins the plan's next step, if the look allows it.</summary>
    public Turn Go(EngineState state, Plan plan, Moment now, Observations seen)
    {
        var rule = settings.RuleOf(plan.Rung);
        if (plan.At >= plan.Steps.Length)
        {
            // Resumed from a journal that ended right before the plan's last entry.
            return Close(state, plan, now);
        }

        if (!plan.IsUndo && !plan.IsPastReturn(rule))
        {
            if (state.PausedUntil is not null)
            {
                return TakeBack(Untried(state, plan), plan, now, "somebody paused recoveries");
            }

            if (settings.Safety.LooksBefore && rule.LookBefore.Contains(plan.Step))
            {
                var cause = settings.CauseOf(plan.Cause);
                var finding = state.Findings.FirstOrDefault(f => f.Cause.Id == plan.Cause);
                if (Diagnostician.IsRuledOut(cause, seen))
                {
                    return TakeBack(Untried(state, plan), plan, now, "the cause is gone");
                }

                if (finding is null || (settings.Safety.HeedsTheUnseen && !rule.Allows(finding.Certainty))
                    || !IsSeenAgain(state, cause))
                {
                    return now.Uptime - plan.NotBefore > LookPatience
                        ? TakeBack(Untried(state, plan), plan, now, "whether the cause still stands can't be seen")
                        : new Turn(state);
                }
            }
        }

        foreach (var (step, clue) in rule.Needs)
        {
            if (!plan.IsUndo && step == plan.Step && !clue.IsMet(seen))
            {
                return clue.IsUnknown(seen)
                    ? Await(state, plan, now, clue)
                    : TakeBack(state, plan, now, $"{clue.Sign} keeps {step} from being done");
            }
        }

        return now.Uptime < plan.NotBefore ? new Turn(state) : Begin(state, plan, now);
    }

    public Turn End(EngineState state, RecoveryEvent.StepEnded ended)
    {
        if (state.Plan is not { Phase: PlanPhase.Step } plan || plan.Id != ended.Order.PlanId
            || plan.Step != ended.Order.Step)
        {
            return new Turn(state); // Of a plan that is over.
        }

        var report = ended.Report;
        var outcome = new Effect.Write(Entry(plan, EntryKind.Outcome, ended.At) with
        {
            Step = plan.Step,
            Result = report.Result,
            Proofs = report.Proofs,
            Text = JournalEntry.Fit(report.Detail),
        });
        var turn = report.Result == StepResult.Done
            ? Advance(state, plan with { Proofs = plan.Proofs | report.Proofs }, ended.At)
            : Fail(state, plan, ended.At, report);
        return turn with { Effects = [outcome, .. turn.Effects] };
    }

    /// <summary>
    /// Whether as many looks see the cause as opened the plan: a plan that was taken up anew, or by another one, began
    /// with none, and the cluster may have been well in between.
    /// </summary>
    private bool IsSeenAgain(EngineState state, Cause cause) =>
        !settings.Safety.WaitsForDatapoints
        || (state.Standings.TryGetValue(cause.Id, out var standing)
            && standing.SeenOf(cause.OutOf) >= cause.Datapoints);

    /// <summary>Waits for a look that can tell; a person is told of it once, when that takes long.</summary>
    private static Turn Await(EngineState state, Plan plan, Moment now, Clue clue) =>
        plan.IsPaged || now.Uptime - plan.NotBefore <= LookPatience
            ? new Turn(state)
            : new Turn(state with { Plan = plan with { IsPaged = true } },
            [
                new Effect.Write(Entry(plan, EntryKind.Page, now) with
                {
                    Text = JournalEntry.Fit($"{plan.Step} waits, since {clue.Sign} can't be seen, and goes on when it "
                        + "can. Is the repository reachable? salvor status tells."),
                }),
            ]);

    private Turn Begin(EngineState state, Plan plan, Moment now)
    {
        if (plan.Step == StepKind.ActivateTimeline && settings.Safety.RequiresProofs && plan.Proofs != Proof.All)
        {
            return TakeBack(state, plan, now, $"not all is proven that must be: only {plan.Proofs}");
        }

        plan = plan with
        {
            Phase = PlanPhase.Step,
            Begun = plan.IsUndo || plan.Begun.Contains(plan.Step) ? plan.Begun : plan.Begun.Add(plan.Step),
        };
        var rule = settings.RuleOf(plan.Rung);
        var taken = plan.IsUndo ? state.Taken : TakenNow(state.Taken, plan.Step, rule, now.Uptime);
        return new Turn(state with { Plan = plan, Taken = taken },
        [
            new Effect.Write(Entry(plan, EntryKind.Intent, now) with { Step = plan.Step }),
            new Effect.Take(new StepOrder(plan.Id, plan.Cause, plan.Rung, plan.Step)),
        ]);
    }

    private Turn Advance(EngineState state, Plan plan, Moment now)
    {
        plan = plan with
        {
            At = plan.At + 1,
            Failures = 0,
            IsPaged = false,
            NotBefore = now.Uptime,
            Phase = PlanPhase.Look,
        };
        if (plan.At == plan.Steps.Length)
        {
            return Close(state, plan, now);
        }

        var rule = settings.RuleOf(plan.Rung);
        return plan.IsUndo || (!rule.LooksBefore(plan.Step) && state.PausedUntil is null)
            ? Begin(state, plan, now)
            : new Turn(state with { Plan = plan });
    }

    private Turn Fail(EngineState state, Plan plan, Moment now, StepReport report)
    {
        var rule = settings.RuleOf(plan.Rung);
        var failures = plan.Failures + 1;
        var isLast = failures >= TriesMax || report.Result == StepResult.Refused;
        if (MayPassOver(plan) && (plan.IsUndo ? report.Result == StepResult.Refused : isLast))
        {
            return Advance(state, plan with { HasPassedOver = true }, now);
        }

        if (isLast && !plan.IsUndo && (!plan.IsPastReturn(rule) || IsGivenUp(plan, rule, report)))
        {
            return TakeBack(state, plan, now, $"{plan.Step} failed: {report.Detail}");
        }

        var backOff = TimeSpan.FromSeconds(Math.Min(1 << Math.Min(failures, 10), (int)BackOffMax.TotalSeconds));
        plan = plan with { Failures = failures, NotBefore = now.Uptime + backOff, Phase = PlanPhase.Look };
        var turn = new Turn(state with { Plan = plan });
        return failures == PageAfter
            ? turn with
            {
                Effects =
                [
                    new Effect.Write(Entry(plan, EntryKind.Page, now) with
                    {
                        Text = JournalEntry.Fit($"{plan.Step} failed {failures} times, and has to succeed: "
                            + $"{report.Detail} It is tried again and again."),
                    }),
                ],
            }
            : turn;
    }

    /// <summary>
    /// Whether a plan past its return ends here all the same. A refused step did nothing and will do nothing, so the
    /// step of no return is none then; and a later one that can't be done leaves it to the causes that are seen next.
    /// Only a second control plane that was made active is gone on with, whatever happens.
    /// </summary>
    private static bool IsGivenUp(Plan plan, RungRule rule, StepReport report) =>
        report.Result == StepResult.Refused && (plan.Step == rule.NoReturnFrom || rule.Harm < Harm.Fences);

    /// <summary>
    /// Whether the plan's step may be given up without ending the plan: a wait, for what is waited for is another
    /// rung's by then; and what can't be taken back.
    /// </summary>
    internal static bool MayPassOver(Plan plan) =>
        plan.IsUndo || plan.Step is StepKind.AwaitReady or StepKind.AwaitMachine;

    /// <summary>Of a plan that ends for no fault of its rung's: it is the one that is tried next time.</summary>
    private EngineState Untried(EngineState state, Plan plan) =>
        state.Standings.TryGetValue(plan.Cause, out var standing)
            ? state with
            {
                Standings = state.Standings.SetItem(plan.Cause, standing with
                {
                    Tried = Math.Max(settings.CauseOf(plan.Cause).Rungs.IndexOf(plan.Rung), 0),
                }),
            }
            : state;

    /// <summary>Undoes what was begun; a plan that did nothing that needs it is over.</summary>
    private Turn TakeBack(EngineState state, Plan plan, Moment now, string why)
    {
        var entry = new Effect.Write(Entry(plan, EntryKind.TakingBack, now) with { Text = JournalEntry.Fit(why) });
        state = state with { Taken = GivenBack(state.Taken, plan, settings.RuleOf(plan.Rung)) };
        plan = TakenBack(plan, settings.RuleOf(plan.Rung), now.Uptime);
        var turn = plan.Steps.IsEmpty
            ? Close(state, plan, now)
            : Begin(state, plan, now);
        return turn with { Effects = [entry, .. turn.Effects] };
    }

    /// <summary>The plan as what undoes it.</summary>
    public static Plan TakenBack(Plan plan, RungRule rule, TimeSpan now) => plan with
    {
        IsUndo = true,
        Steps = [.. rule.Undo.Where(undo => plan.Begun.Contains(undo.Step)).Select(undo => undo.Undo)],
        At = 0,
        Failures = 0,
        Phase = PlanPhase.Look,
        NotBefore = now,
    };

    /// <summary>The budgets, without a plan that ends before any step of it could hurt.</summary>
    public static ImmutableArray<TakenRung> GivenBack(ImmutableArray<TakenRung> taken, Plan plan, RungRule rule)
    {
        var last = taken.Length - 1;
        return !rule.LookBefore.IsEmpty && !rule.LookBefore.Any(step => plan.Begun.Contains(step))
            && last >= 0 && taken[last].Rung == plan.Rung
            ? taken.RemoveAt(last)
            : taken;
    }

    /// <summary>
    /// The budgets, where a step begins that could hurt: a plan may have waited for it for longer than a budget lasts.
    /// </summary>
    public static ImmutableArray<TakenRung> TakenNow(
        ImmutableArray<TakenRung> taken, StepKind step, RungRule rule, TimeSpan now)
    {
        var last = taken.Length - 1;
        return rule.LookBefore.Contains(step) && last >= 0 && taken[last].Rung == rule.Rung
            ? taken.SetItem(last, taken[last] with { At = now })
            : taken;
    }

    private Turn Close(EngineState state, Plan plan, Moment now)
    {
        var result = plan.IsUndo || plan.HasPassedOver ? StepResult.Failed : StepResult.Done;
        var rule = settings.RuleOf(plan.Rung);
        state = state with { Plan = null };
        if (state.Standings.TryGetValue(plan.Cause, out var standing))
        {
            state = state with
            {
                Standings = state.Standings.SetItem(
                    plan.Cause, standing with { LastEnded = now.Uptime, CoolDown = rule.CoolDown }),
            };
        }

        return new Turn(state, [new Effect.Write(Entry(plan, EntryKind.Closed, now) with { Result = result })]);
    }
}
