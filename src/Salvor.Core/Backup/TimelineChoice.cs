using Salvor.Errors;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

namespace Salvor.Backup;

/// <summary>Finds the timeline that a running etcd writes to, or begins it.</summary>
internal sealed class TimelineChoice(SnapshotCatalog catalog, string location, TimeProvider time)
{
    /// <param name="askEtcd">
    /// What etcd says of itself. It is asked after the store: while a slow store is read, another writer may bring what
    /// etcd has done meanwhile, and an older answer of etcd's would look like one that was restored.
    /// </param>
    /// <param name="beginsTimeline">Whether a new one is asked for.</param>
    /// <param name="ct">Ends the work.</param>
    /// <returns>The timeline, its newest snapshot where it has one, and who writes.</returns>
    public async Task<(TimelineId Timeline, SnapshotManifest? Newest, SourceIdentity Source)> ChooseAsync(
        Func<CancellationToken, Task<SourceNow>> askEtcd, bool beginsTimeline, CancellationToken ct)
    {
        var timelines = await catalog.ListTimelinesAsync(ct);
        if (timelines.Count == 0)
        {
            var (first, _) = await askEtcd(ct);
            return (await BeginAsync(new TimelineId(1), first, parent: null, "the first backup", ct), null, first);
        }

        var timeline = timelines[^1];
        var newest = await ReadNewestAsync(timeline, ct);
        if (beginsTimeline)
        {
            var (next, _) = await askEtcd(ct);
            var parent = newest is null ? null : new ForkPoint(timeline, newest.Revision);
            return (await BeginAsync(timeline.Next, next, parent, "asked for by --new-timeline", ct), null, next);
        }

        var begin = await catalog.ReadBeginAsync(timeline, ct);
        var (source, revision) = await askEtcd(ct);
        HistoryCheck.Require(source, revision, begin, newest, location);
        return (timeline, newest, source);
    }

    private async Task<SnapshotManifest?> ReadNewestAsync(TimelineId timeline, CancellationToken ct)
    {
        var snapshots = await catalog.ListAsync(timeline, ct);
        return snapshots.Count == 0 ? null : await catalog.ReadAsync(snapshots[^1], ct);
    }

    private async Task<TimelineId> BeginAsync(
        TimelineId timeline, SourceIdentity source, ForkPoint? parent, string reason, CancellationToken ct)
    {
        var begin = new TimelineBegin
        {
            Timeline = timeline.Value,
            ClusterId = source.ClusterId,
            Parent = parent?.Timeline.Value,
            ParentRevision = parent?.Revision,
            Reason = reason,
            Begun = time.GetUtcNow(),
        };
        return await catalog.TryBeginAsync(begin, ct)
            ? timeline
            : throw new SalvorException(ErrorCode.InUse,
                $"Somebody else began timeline {timeline} of {location} at the same time.")
            {
                IsTransient = true,
                Hint = "Run it again: it then goes on with what the other one began.",
            };
    }
}
