using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>What a person is told: what was seen, what was done, what was not, and why.</summary>
internal static class PageText
{
    public static string Of(RecoverySettings settings, EngineState state, Finding finding, Moment now)
    {
        var cause = finding.Cause;
        var done = state.Taken.Where(taken => taken.Cause == cause.Id).Select(taken => taken.Rung).Distinct();
        return string.Join(" ", ((string[])
        [
            $"{cause.Title}.",
            $"Seen: {string.Join("; ", finding.Evidence)}.",
            finding.Unseen.IsEmpty ? "" : $"Not to be seen: {string.Join(", ", finding.Unseen)}.",
            done.Any() ? $"Done lately: {string.Join(", ", done)}." : "Nothing was done.",
            .. cause.Rungs.Select(rung => WhyNot(settings, state, finding, settings.RuleOf(rung), now)),
            cause.Advice,
        ]).Where(text => text.Length > 0));
    }

    private static string WhyNot(
        RecoverySettings settings, EngineState state, Finding finding, RungRule rule, Moment now)
    {
        if (settings.ModeOf(rule) is var mode && mode != RecoveryMode.Automatic)
        {
            return mode == RecoveryMode.Advise
                ? $"{rule.Rung} would be done, and the mode is advise."
                : $"{rule.Rung} waits for approval: salvor recover --cause {finding.Cause.Id} --rung {rule.Rung}.";
        }

        return WhyNotByItself(state, finding, rule, now);
    }

    /// <summary>Why a rung is not taken, whatever is allowed; empty where nothing speaks against it.</summary>
    public static string WhyNotByItself(EngineState state, Finding finding, RungRule rule, Moment now)
    {
        if (!rule.Allows(finding.Certainty))
        {
            return $"{rule.Rung} does harm if the cause is another, and what would tell can't be seen.";
        }

        var taken = state.TakenOf(rule, now);
        return taken >= rule.Budget
            ? $"{rule.Rung} was taken {taken} times within {rule.BudgetWindow.TotalHours:0.#} hours: that is its limit."
            : "";
    }
}
