using System.Collections.Immutable;
using Salvor.ObjectStore;
using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>From what there is and what retention keeps: what may be deleted now, and what a new plan names.</summary>
internal sealed class PrunePlanner(
    ImmutableArray<TimelineInventory> inventory, RetentionOutcome outcome, DateTimeOffset now)
{
    /// <summary>From a plan to the second look, and the age of a pack that no snapshot names.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromHours(24);

    private readonly HashSet<string> _dropped = outcome.Decisions
        .Where(decision => !decision.IsKept)
        .Select(decision => RepositoryNames.Snapshot(
            decision.Snapshot.Timeline, decision.Snapshot.Revision, decision.Snapshot.Id).Value)
        .ToHashSet(StringComparer.Ordinal);

    public bool IsDue(StoredPlan plan) => now - plan.Stored >= Wait;

    /// <summary>Looks up again what due plans name.</summary>
    public PruneWork Look(IReadOnlyList<StoredPlan> plans)
    {
        var due = plans.Where(IsDue).ToArray();
        var snapshots = Names(due, plan => plan.Snapshots);
        snapshots.IntersectWith(_dropped);
        var packs = Names(due, plan => plan.Packs);
        var checks = Names(due, plan => plan.Checks);
        var work = new PruneWork
        {
            Snapshots = [.. snapshots.Order(StringComparer.Ordinal).Select(name => new ObjectName(name))],
            Log = [.. inventory.SelectMany(timeline => LogOf(timeline, due))],
            Covering = SegmentsOf(Names(due, plan => plan.Covering)),
            Plans = [.. due.Select(plan => plan.Name)],
        };
        foreach (var timeline in inventory)
        {
            var needed = timeline.PacksOf(entry => !snapshots.Contains(entry.Name.Value));
            var there = timeline.Snapshots
                .Where(snapshot => !snapshots.Contains(snapshot.Entry.Name.Value))
                .Select(snapshot => snapshot.Entry.Id.Value)
                .ToHashSet();
            work = work with
            {
                Packs =
                [
                    .. work.Packs,
                    .. timeline.Packs.Where(i => packs.Contains(i.Name.Value) && !needed.Contains(i.Name.Value)),
                ],
                Checks =
                [
                    .. work.Checks,
                    .. timeline.Checks.Where(i => checks.Contains(i.Name.Value)
                        && timeline.SnapshotOf(i.Name) is { } id && !there.Contains(id)),
                ],
            };
        }

        return work;
    }

    /// <summary>Names what nothing kept needs, and no plan names yet.</summary>
    /// <param name="plans">All plans there are.</param>
    /// <param name="work">What is done now.</param>
    /// <param name="covering">The segments that cover others.</param>
    /// <param name="created">For people.</param>
    public PrunePlan Plan(
        IReadOnlyList<StoredPlan> plans, PruneWork work,
        IReadOnlyCollection<(TimelineId Timeline, SegmentName Segment)> covering, DateTimeOffset created)
    {
        var named = Names(plans, plan => [.. plan.Snapshots, .. plan.Packs, .. plan.Checks]);
        foreach (var spared in plans.Where(IsDue).SelectMany(plan => plan.Plan is { } p ? p.Packs : []))
        {
            named.Remove(spared); // What a due plan did not delete may go into another one.
        }

        named.UnionWith(work.Packs.Select(pack => pack.Name.Value));
        var snapshots = _dropped.Where(name => !named.Contains(name)).Order(StringComparer.Ordinal);
        var packs = new List<string>();
        var checks = new List<string>();
        foreach (var timeline in inventory)
        {
            packs.AddRange(Unneeded(timeline).Where(name => !named.Contains(name)));
            checks.AddRange(WithoutSnapshot(timeline).Where(name => !named.Contains(name)));
        }

        return new PrunePlan
        {
            Created = created,
            Snapshots = [.. snapshots.Take(PrunePlan.NamesMax)],
            Packs = [.. packs.Take(PrunePlan.NamesMax)],
            Checks = [.. checks.Take(PrunePlan.NamesMax)],
            Log = [.. inventory.SelectMany(NewLogOf)],
            Covering = [.. NewCovering().Take(PrunePlan.NamesMax)],
        };

        IEnumerable<string> NewCovering()
        {
            // What a due plan names is done now, or was found damaged: it goes into the next plan if it still covers.
            var waiting = Names([.. plans.Where(plan => !IsDue(plan))], plan => plan.Covering);
            waiting.UnionWith(work.Covering.Select(one => NameOf(one.Timeline, one.Segment)));
            return covering.Select(one => NameOf(one.Timeline, one.Segment)).Where(name => !waiting.Contains(name));
        }

        IEnumerable<PruneLogRange> NewLogOf(TimelineInventory timeline)
        {
            var floor = FloorOf(timeline);
            var planned = plans.SelectMany(plan => plan.Plan is { } p ? p.Log : [])
                .Where(range => range.Timeline == timeline.Timeline.Id.Value)
                .Select(range => range.Through)
                .DefaultIfEmpty(0)
                .Max();
            return floor > planned ? [new PruneLogRange(timeline.Timeline.Id.Value, floor)] : [];
        }
    }

    private static string NameOf(TimelineId timeline, SegmentName segment) => RepositoryNames.Log(timeline) + segment;

    /// <summary>The segments that a plan's names are of; others are passed over.</summary>
    public static ImmutableArray<(TimelineId Timeline, SegmentName Segment)> SegmentsOf(IEnumerable<string> names)
    {
        var found = ImmutableArray.CreateBuilder<(TimelineId, SegmentName)>();
        foreach (var name in names)
        {
            if (RepositoryNames.TryParseSegment(name, out var timeline, out var segment))
            {
                found.Add((timeline, segment));
            }
        }

        return found.ToImmutable();
    }

    private IEnumerable<string> Unneeded(TimelineInventory timeline)
    {
        var kept = timeline.PacksOf(entry => !_dropped.Contains(entry.Name.Value));
        var known = timeline.PacksOf(_ => true);

        // A young pack that no snapshot names belongs to an attempt that may be at work.
        return timeline.Packs
            .Where(pack => !kept.Contains(pack.Name.Value)
                && (known.Contains(pack.Name.Value) || now - pack.Modified >= Wait))
            .Select(pack => pack.Name.Value);
    }

    private IEnumerable<string> WithoutSnapshot(TimelineInventory timeline)
    {
        var kept = timeline.Snapshots
            .Where(snapshot => !_dropped.Contains(snapshot.Entry.Name.Value))
            .Select(snapshot => snapshot.Entry.Id.Value)
            .ToHashSet();
        return timeline.Checks
            .Where(check => timeline.SnapshotOf(check.Name) is { } id && !kept.Contains(id))
            .Select(check => check.Name.Value);
    }

    private IEnumerable<PruneLogRange> LogOf(TimelineInventory timeline, StoredPlan[] due)
    {
        var planned = due.SelectMany(plan => plan.Plan is { } p ? p.Log : [])
            .Where(range => range.Timeline == timeline.Timeline.Id.Value)
            .Select(range => range.Through)
            .DefaultIfEmpty(0)
            .Max();
        var through = Math.Min(planned, outcome.LogFloors[timeline.Timeline.Id]);
        return through > 0 ? [new PruneLogRange(timeline.Timeline.Id.Value, through)] : [];
    }

    /// <summary>The floor, but no farther than the log goes.</summary>
    private long FloorOf(TimelineInventory timeline) =>
        Math.Min(outcome.LogFloors[timeline.Timeline.Id], timeline.Timeline.Log.LastRevision);

    private static HashSet<string> Names(
        IEnumerable<StoredPlan> plans, Func<PrunePlan, IEnumerable<string>> choose) =>
        plans.SelectMany(plan => plan.Plan is { } found ? choose(found) : []).ToHashSet(StringComparer.Ordinal);
}
