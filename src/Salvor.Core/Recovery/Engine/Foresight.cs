using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Engine;

/// <summary>Says what an engine would do, without doing it. Pure.</summary>
public static class Foresight
{
    /// <param name="settings">What the engine works by, but for its mode: each prospect tells which it needs.</param>
    /// <param name="state">What its journal tells: what was done lately counts against budgets.</param>
    /// <param name="seen">A look.</param>
    /// <param name="now">When.</param>
    public static ImmutableArray<Prospect> Of(
        RecoverySettings settings, EngineState state, Observations seen, Moment now) =>
        [.. Diagnostician.Diagnose(settings.Causes, seen).Select(finding => Of(settings, state, finding, now))];

    private static Prospect Of(RecoverySettings settings, EngineState state, Finding finding, Moment now)
    {
        var tried = RecoveryMachine.TriedLately(state, finding.Cause, now);
        var order = finding.Cause.Rungs.Skip(tried).Concat(finding.Cause.Rungs.Take(tried)).Select(settings.RuleOf);
        var next = order.FirstOrDefault(rule => rule.Allows(finding.Certainty) && state.HasBudget(rule, now));
        return new Prospect(
            finding,
            next,
            [
                .. finding.Cause.Rungs.Select(settings.RuleOf).Where(rule => rule != next)
                    .Select(rule => PageText.WhyNotByItself(state, finding, rule, now))
                    .Where(text => text.Length > 0),
            ]);
    }
}
