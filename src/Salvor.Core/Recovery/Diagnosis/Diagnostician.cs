using System.Collections.Immutable;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.Diagnosis;

/// <summary>Holds a look against a table of causes. Pure.</summary>
public static class Diagnostician
{
    /// <summary>
    /// Every cause that the look speaks for, in the table's order: a cause before what follows from it.
    /// </summary>
    public static ImmutableArray<Finding> Diagnose(ImmutableArray<Cause> table, Observations seen) =>
    [
        .. from cause in table
           where cause.Required.All(clue => clue.IsMet(seen)) && !cause.Excluding.Any(clue => clue.IsMet(seen))
           select FindingOf(cause, seen),
    ];

    /// <summary>
    /// Whether the look can rule a cause out: something that it requires was seen not to be, or something that excludes
    /// it was seen. What can't be seen rules nothing out.
    /// </summary>
    public static bool IsRuledOut(Cause cause, Observations seen) =>
        cause.Required.Any(clue => !clue.IsUnknown(seen) && !clue.IsMet(seen))
        || cause.Excluding.Any(clue => clue.IsMet(seen));

    private static Finding FindingOf(Cause cause, Observations seen)
    {
        ImmutableArray<Sign> unseen =
            [.. cause.Excluding.Where(clue => clue.IsUnknown(seen)).Select(clue => clue.Sign)];
        return new Finding(
            cause,
            unseen.IsEmpty ? Certainty.Certain : Certainty.Likely,
            [.. cause.Required.Concat(cause.Supporting.Where(clue => clue.IsMet(seen))).Select(c => Say(c, seen))],
            unseen);
    }

    private static string Say(Clue clue, Observations seen)
    {
        var detail = seen[clue.Sign].Detail;
        var truth = clue.Truth == Truth.Yes ? "yes" : "no";
        return detail.Length == 0 ? $"{clue.Sign}: {truth}" : $"{clue.Sign}: {truth} ({detail})";
    }
}
