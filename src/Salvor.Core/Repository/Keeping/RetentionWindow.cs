using System.Collections.Immutable;

namespace Salvor.Repository.Keeping;

/// <summary>Keeps what restoring any revision of the window needs, and what timelines stand on.</summary>
internal sealed class RetentionWindow(
    ImmutableArray<KeepingSnapshot> all,
    IReadOnlyList<KeepingTimeline> timelines,
    Dictionary<KeepingSnapshot, SortedSet<KeepReason>> reasons)
{
    private readonly Dictionary<TimelineId, long> _floors = timelines.ToDictionary(t => t.Id, _ => long.MaxValue);

    /// <returns>For each timeline the revision up to which its log may go.</returns>
    public ImmutableDictionary<TimelineId, long> Keep(DateTimeOffset start)
    {
        // What was the newest timeline when the window began, and all that came after it.
        var first = Math.Max(0, timelines.Count - 1);
        while (first > 0 && timelines[first].Begun > start)
        {
            first--;
        }

        foreach (var timeline in timelines.Skip(first))
        {
            KeepFrom(timeline, start);
        }

        foreach (var timeline in timelines.Where(t => !Of(t).Any(Retention.IsGood)))
        {
            KeepParent(timeline, KeepReason.Fork);
        }

        return _floors.ToImmutableDictionary();
    }

    private void KeepFrom(KeepingTimeline timeline, DateTimeOffset start)
    {
        var own = Of(timeline);
        var isBegunBefore = BestOf(own.Where(snapshot => snapshot.Stored <= start)) is not null;
        var begin = BestOf(own.Where(snapshot => snapshot.Stored <= start)) ?? own.FirstOrDefault();
        if (!isBegunBefore)
        {
            KeepParent(timeline, KeepReason.Window);
        }

        // Without one from before the window, the log may lead here from the timeline's very beginning.
        Lower(timeline.Id, isBegunBefore ? begin!.Revision : 0);
        if (begin is not null)
        {
            reasons[begin].Add(KeepReason.Window);
            KeepBridges(timeline, own, begin);
        }
    }

    /// <summary>Where the log has a gap, the next snapshot goes on.</summary>
    private void KeepBridges(KeepingTimeline timeline, ImmutableArray<KeepingSnapshot> own, KeepingSnapshot begin)
    {
        var reached = timeline.Log.EndOf(begin.Revision);
        foreach (var snapshot in own.Where(snapshot => snapshot > begin))
        {
            // Without any more log, snapshots alone are left to the other rules.
            if (snapshot.Revision > reached && timeline.Log.LastRevision > reached)
            {
                reasons[snapshot].Add(KeepReason.Window);
                reached = timeline.Log.EndOf(snapshot.Revision);
            }
        }
    }

    /// <summary>Keeps the snapshot, and the log after it, from which a timeline's first revision is reached.</summary>
    private void KeepParent(KeepingTimeline timeline, KeepReason reason)
    {
        for (var at = timeline; at.Parent is { } id && timelines.FirstOrDefault(t => t.Id == id) is { } parent;)
        {
            var before = Of(parent).Where(snapshot => snapshot.Revision <= at.ParentRevision).ToImmutableArray();
            if (before.LastOrDefault() is { } newest)
            {
                reasons[newest].Add(reason);
            }

            if (BestOf(before) is { } best)
            {
                reasons[best].Add(reason);
                Lower(parent.Id, best.Revision);
                if (Retention.IsGood(best))
                {
                    return;
                }
            }
            else
            {
                Lower(parent.Id, 0);
            }

            if (id.Value >= at.Id.Value)
            {
                return; // No honest timeline is older than its parent; this must end all the same.
            }

            at = parent;
        }
    }

    private ImmutableArray<KeepingSnapshot> Of(KeepingTimeline timeline) =>
        [.. all.Where(snapshot => snapshot.Timeline == timeline.Id)];

    /// <summary>The newest verified one, or the newest one that can be read where none is.</summary>
    private static KeepingSnapshot? BestOf(IEnumerable<KeepingSnapshot> snapshots)
    {
        var some = snapshots.ToArray();
        return some.LastOrDefault(Retention.IsGood) ?? some.LastOrDefault(snapshot => snapshot.IsReadable);
    }

    private void Lower(TimelineId timeline, long floor) => _floors[timeline] = Math.Min(_floors[timeline], floor);
}
