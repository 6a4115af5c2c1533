using Salvor.Errors;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

namespace Salvor.Backup;

/// <summary>Finds the timeline that a running etcd writes to, or begins it.</summary>
internal sealed class TimelineChoice(SnapshotCatalog catalog, string location, TimeProvider time)
{
    /// <returns>The timeline, and its newest snapshot where it has one.</returns>
    public async Task<(TimelineId Timeline, SnapshotManifest? Newest)> ChooseAsync(
        SourceIdentity source, long revision, bool beginsTimeline, CancellationToken ct)
    {
        var timelines = await catalog.ListTimelinesAsync(ct);
        if (timelines.Count == 0)
        {
            return (await BeginAsync(new TimelineId(1), source, parent: null, "the first backup", ct), null);
        }

        var timeline = timelines[^1];
        var newest = await ReadNewestAsync(timeline, ct);
        if (beginsTimeline)
        {
            var parent = newest is null ? null : new ForkPoint(timeline, newest.Revision);
            return (await BeginAsync(timeline.Next, source, parent, "asked for by --new-timeline", ct), null);
        }

        var begin = await catalog.ReadBeginAsync(timeline, ct);
        HistoryCheck.Require(source, revision, begin, newest, location);
        return (timeline, newest);
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
