using System.Collections.Immutable;

namespace Salvor.Repository.Keeping;

/// <summary>Decides which snapshots, and how much of the log, are kept: docs/operations/retention.md.</summary>
/// <remarks>
/// Counts and tiers look at snapshots only, never at a clock: an hour or a day without any snapshot does not use up one
/// of theirs, so a control plane that was off for a year keeps what it had. Only the window needs the time.
/// </remarks>
public static class Retention
{
    /// <param name="snapshots">All of them, in any order.</param>
    /// <param name="timelines">All of them, oldest first.</param>
    /// <param name="policy">What to keep.</param>
    /// <param name="now">The store's clock.</param>
    public static RetentionOutcome Decide(
        IEnumerable<KeepingSnapshot> snapshots,
        IReadOnlyList<KeepingTimeline> timelines,
        RetentionPolicy policy,
        DateTimeOffset now)
    {
        var all = snapshots.Order().ToImmutableArray();
        var reasons = all.ToDictionary(snapshot => snapshot, _ => new SortedSet<KeepReason>());
        var lastGood = all.LastOrDefault(IsGood);
        KeepEnds(all, lastGood, reasons);
        var waiting = all.Where(snapshot => lastGood is null || snapshot > lastGood).ToImmutableArray();
        foreach (var snapshot in waiting.TakeLast(policy.UnverifiedMax))
        {
            reasons[snapshot].Add(KeepReason.NotCovered);
        }

        RetentionTiers.Keep([.. all.Where(IsGood)], policy, reasons);
        RetentionTiers.Keep(waiting, policy, reasons);
        var floors = new RetentionWindow(all, timelines, reasons).Keep(now - policy.Continuous);
        return new RetentionOutcome(
            [.. all.Select(s => new KeepDecision(s, [.. reasons[s]], lastGood is not null && s < lastGood))], floors);
    }

    internal static bool IsGood(KeepingSnapshot snapshot) => snapshot is { IsVerified: true, IsReadable: true };

    private static void KeepEnds(
        ImmutableArray<KeepingSnapshot> all,
        KeepingSnapshot? lastGood,
        Dictionary<KeepingSnapshot, SortedSet<KeepReason>> reasons)
    {
        if (lastGood is not null)
        {
            reasons[lastGood].Add(KeepReason.LastGood);
        }

        // A writer opens the newest one by name, also where that one can't be read.
        if (!all.IsEmpty)
        {
            reasons[all[^1]].Add(KeepReason.Newest);
        }

        if (all.LastOrDefault(snapshot => snapshot.IsReadable) is { } readable)
        {
            reasons[readable].Add(KeepReason.Newest);
        }

        foreach (var snapshot in all.Where(snapshot => !snapshot.IsReadable))
        {
            reasons[snapshot].Add(KeepReason.Unreadable);
        }
    }
}
