using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>
/// Decides. Pure: the same state and event always give the same answer, so that millions of schedules can be tried.
/// </summary>
/// <remarks>
/// It does one thing at a time, and every step in order: journal the intent, do it, journal the outcome. What it begins
/// it ends: by going on, or before the step of no return by taking it back.
/// </remarks>
public sealed class RecoveryMachine(RecoverySettings settings)
{
    /// <summary>After all rungs were tried in vain, the first one's turn comes again after this long.</summary>
    public static readonly TimeSpan NewRoundAfter = TimeSpan.FromMinutes(10);

    /// <summary>How long after a rung was taken its cause's return means that it did not help.</summary>
    private static readonly TimeSpan RelapseWithin = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan LeastGap = TimeSpan.FromMinutes(2);

    private readonly PlanSteps _steps = new(settings);

    public RecoverySettings Settings { get; } = settings;

    public Turn Step(EngineState state, RecoveryEvent happened) => happened switch
    {
        RecoveryEvent.Looked looked => Look(state, looked),
        RecoveryEvent.StepEnded ended => _steps.End(state, ended),
        RecoveryEvent.Paused paused => new Turn(state with
        {
            PausedUntil = paused.Until,
            PauseEnds = paused.At.Uptime + (paused.Until - paused.At.Wall),
        }),
        RecoveryEvent.Resumed => new Turn(state with { PausedUntil = null }),
        RecoveryEvent.Approved approved => new Turn(IsUsedUp(state, approved)
            ? state
            : state with { Approved = (approved.Cause, approved.Rung, approved.Until) }),
        _ => new Turn(state),
    };

    private static bool IsUsedUp(EngineState state, RecoveryEvent.Approved approved) => state.Taken.Any(
        taken => taken.Cause == approved.Cause && taken.Rung == approved.Rung && taken.At >= approved.GivenAt);

    private Turn Look(EngineState state, RecoveryEvent.Looked looked)
    {
        var findings = Diagnostician.Diagnose(Settings.Causes, looked.Seen);
        var standings = Stand(state, findings, looked);
        state = state with
        {
            Findings = findings,
            Standings = standings,
            Approved = StillApproved(state, standings, looked.At),
            PausedUntil = looked.At.Uptime < state.PauseEnds ? state.PausedUntil : null,
            Taken = state.Taken.RemoveAll(taken => looked.At.Uptime - taken.At > TimeSpan.FromDays(2)),
        };
        if (state.Plan is { } plan)
        {
            return plan.Phase == PlanPhase.Look ? _steps.Go(state, plan, looked.At, looked.Seen) : new Turn(state);
        }

        return state.PausedUntil is null ? Choose(state, looked) : new Turn(state);
    }

    /// <summary>An approval ends with its time, and with what it was for.</summary>
    private static (CauseId Cause, Rung Rung, TimeSpan Until)? StillApproved(
        EngineState state, ImmutableDictionary<CauseId, Standing> standings, Moment now) =>
        state.Approved is { } approved && now.Uptime < approved.Until
            && (standings.ContainsKey(approved.Cause) || !state.Standings.ContainsKey(approved.Cause))
            ? approved
            : null;

    private ImmutableDictionary<CauseId, Standing> Stand(
        EngineState state, ImmutableArray<Finding> findings, RecoveryEvent.Looked looked)
    {
        var standings = state.Standings;
        foreach (var cause in Settings.Causes)
        {
            var isSeen = findings.Any(finding => finding.Cause.Id == cause.Id);
            if (standings.TryGetValue(cause.Id, out var standing))
            {
                // A look that can't tell leaves it as it is: it neither ripens by it nor goes away.
                var isTold = isSeen || Diagnostician.IsRuledOut(cause, looked.Seen);
                standing = isTold ? standing.Look(isSeen, looked.At.Uptime, GapMax(cause)) : standing;
                standings = standing.IsGone
                    ? standings.Remove(cause.Id)
                    : standings.SetItem(cause.Id, standing);
            }
            else if (isSeen)
            {
                standings = standings.Add(cause.Id, Standing.Begin(looked.At.Uptime) with
                {
                    Tried = TriedLately(state, cause, looked.At),
                });
            }
        }

        return standings;
    }

    /// <summary>For how long nothing may be told of a cause that stands: longer where patience is longer.</summary>
    private static TimeSpan GapMax(Cause cause) =>
        cause.Patience / 3 > LeastGap ? cause.Patience / 3 : LeastGap;

    /// <summary>
    /// Of a cause that was gone for a moment, as a machine that hangs is while it is rebooted: what did not help then
    /// is not what helps now. After the last rung the first one has its turn.
    /// </summary>
    internal static int TriedLately(EngineState state, Cause cause, Moment now)
    {
        var last = state.Taken.LastOrDefault(taken => taken.Cause == cause.Id);
        return last.Cause == cause.Id && state.Taken.Contains(last) && now.Uptime - last.At < RelapseWithin
            ? (cause.Rungs.IndexOf(last.Rung) + 1) % Math.Max(cause.Rungs.Length, 1)
            : 0;
    }

    /// <summary>
    /// Takes the first cause that is ripe. One that is not yet holds back all that may follow from it.
    /// </summary>
    private Turn Choose(EngineState state, RecoveryEvent.Looked looked)
    {
        var effects = ImmutableArray.CreateBuilder<Effect>();
        foreach (var finding in state.Findings)
        {
            var cause = finding.Cause;
            var standing = state.Standings[cause.Id];
            var isApproved = state.Approved is { } allowed && allowed.Cause == cause.Id
                && cause.Rungs.Contains(allowed.Rung);
            if (!isApproved && !IsRipe(cause, standing, looked.At))
            {
                if (cause.HoldsBack)
                {
                    break;
                }

                continue;
            }

            if (PickRung(state, finding, standing, looked.At) is { } rule)
            {
                return Open(state, finding, rule, looked, effects);
            }

            state = Page(state, finding, standing, looked.At, effects);
            if (cause.HoldsBack && standing.Tried == 0)
            {
                break;
            }
        }

        return new Turn(state, effects.ToImmutable());
    }

    private bool IsRipe(Cause cause, Standing standing, Moment now) =>
        !Settings.Safety.WaitsForDatapoints
        || (standing.SeenOf(cause.OutOf) >= cause.Datapoints && now.Uptime - standing.Since >= cause.Patience
            && !standing.IsCoolingDown(now.Uptime));

    /// <summary>The next rung of the cause that may be taken now; null when a person is needed.</summary>
    private RungRule? PickRung(EngineState state, Finding finding, Standing standing, Moment now)
    {
        if (state.Approved is { } approved && approved.Cause == finding.Cause.Id
            && finding.Cause.Rungs.Contains(approved.Rung))
        {
            var allowed = Settings.RuleOf(approved.Rung);
            return MayHarm(allowed, finding) ? allowed : null;
        }

        var isNewRound = standing.LastEnded is { } ended && now.Uptime - ended >= NewRoundAfter;
        var first = standing.Tried < finding.Cause.Rungs.Length ? standing.Tried : isNewRound ? 0 : int.MaxValue;
        for (var i = first; i < finding.Cause.Rungs.Length; i++)
        {
            var rule = Settings.RuleOf(finding.Cause.Rungs[i]);
            if (Settings.ModeOf(rule) == RecoveryMode.Automatic && MayHarm(rule, finding)
                && (!Settings.Safety.KeepsBudgets || state.HasBudget(rule, now)))
            {
                return rule;
            }
        }

        return null;
    }

    private bool MayHarm(RungRule rule, Finding finding) =>
        !Settings.Safety.HeedsTheUnseen || rule.Allows(finding.Certainty);

    private Turn Open(
        EngineState state, Finding finding, RungRule rule, RecoveryEvent.Looked looked,
        ImmutableArray<Effect>.Builder effects)
    {
        var plan = new Plan(NameOf(finding.Cause.Id, looked.At), finding.Cause.Id, rule.Rung, rule.Steps)
        {
            Evidence = finding.Evidence,
            NotBefore = looked.At.Uptime,
        };
        effects.Add(new Effect.Write(PlanSteps.Entry(plan, EntryKind.Opened, looked.At) with
        {
            Text = JournalEntry.Fit(string.Join("; ", finding.Evidence)),
        }));
        var standing = state.Standings[plan.Cause];
        state = state with
        {
            Plan = plan,
            Approved = state.Approved?.Cause == plan.Cause ? null : state.Approved,
            Taken = state.Taken.Add(new TakenRung(plan.Cause, plan.Rung, looked.At.Uptime)),
            Standings = state.Standings.SetItem(plan.Cause, standing with
            {
                Tried = finding.Cause.Rungs.IndexOf(rule.Rung) + 1,
            }),
        };
        var turn = _steps.Go(state, plan, looked.At, looked.Seen);
        return turn with { Effects = [.. effects, .. turn.Effects] };
    }

    /// <summary>Tells a person, once for as long as the cause stands.</summary>
    private EngineState Page(
        EngineState state, Finding finding, Standing standing, Moment now, ImmutableArray<Effect>.Builder effects)
    {
        if (standing.IsPaged)
        {
            return state;
        }

        var cause = finding.Cause;
        Rung? next = cause.Rungs.Skip(standing.Tried).Concat(cause.Rungs).Cast<Rung?>().FirstOrDefault();
        var isAdvice = next is { } rung && Settings.ModeOf(Settings.RuleOf(rung)) == RecoveryMode.Advise;
        effects.Add(new Effect.Write(new JournalEntry
        {
            Kind = isAdvice ? EntryKind.Advice : EntryKind.Page,
            At = now.Wall,
            PlanId = NameOf(cause.Id, now),
            Cause = cause.Id,
            Rung = next,
            Text = JournalEntry.Fit(PageText.Of(Settings, state, finding, now)),
        }));
        return state with { Standings = state.Standings.SetItem(cause.Id, standing with { IsPaged = true }) };
    }

    private string NameOf(CauseId cause, Moment now) =>
        $"{now.Wall:yyyyMMdd'T'HHmmssfff}-{Settings.Owner}-{(int)cause}";
}
