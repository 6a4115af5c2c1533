using System.Globalization;
using Salvor.Errors;
using Salvor.Formats.Etcd;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

namespace Salvor.Restore.FromRepository;

/// <summary>The timeline that a restored cluster will write to: chosen before the restore, begun after it.</summary>
/// <remarks>
/// It begins only when the restored member is in place, since it turns the old cluster's backups away: a restore that
/// fails must not. Cut off in between, the member is as good as any other, and its first backup is refused until it is
/// told --new-timeline. It is chosen before, so that of two restores at once the later one learns of the other.
/// </remarks>
public sealed class NextTimeline
{
    private readonly SnapshotCatalog _catalog;
    private readonly TimeProvider _time;

    private NextTimeline(SnapshotCatalog catalog, TimelineId timeline, TimeProvider time)
    {
        _catalog = catalog;
        Timeline = timeline;
        _time = time;
    }

    public TimelineId Timeline { get; }

    /// <summary>Chooses the timeline after the newest.</summary>
    /// <exception cref="SalvorException">The restored cluster could not be told from one that is stored.</exception>
    public static async Task<NextTimeline> ChooseAsync(
        OpenRepository repository, RestoreOptions options, TimeProvider time, CancellationToken ct)
    {
        options.Require();
        var catalog = new SnapshotCatalog(repository);
        var timelines = await catalog.ListTimelinesAsync(ct);
        var cluster = TextOf(MemberIds.DeriveCluster([options.NewMember().Id]));
        foreach (var timeline in timelines)
        {
            if (await TryReadClusterAsync(catalog, timeline, ct) == cluster)
            {
                throw new SalvorException(ErrorCode.Usage,
                    $"The restored cluster would have the id {cluster}, as timeline {timeline} of "
                    + $"{repository.Store.Location} has: its backups could not be told from the old cluster's.")
                {
                    Hint = "Give another --cluster-token; etcd does not compare it with its own flag where there is "
                        + "data.",
                };
            }
        }

        var next = timelines.Count == 0 ? new TimelineId(1) : timelines[^1].Next;
        return new NextTimeline(catalog, next, time);
    }

    /// <summary>Begins it for a cluster that is in place. What goes wrong now does not undo the restore.</summary>
    public async Task<BegunTimeline> BeginAsync(RepositoryRestoreReport restored, CancellationToken ct)
    {
        var begin = new TimelineBegin
        {
            Timeline = Timeline.Value,
            ClusterId = TextOf(restored.Restored.Cluster),
            Parent = restored.Plan.Base.Timeline,
            ParentRevision = restored.Plan.Revision,
            Reason = "a restore with --new-timeline",
            Begun = _time.GetUtcNow(),
        };
        try
        {
            // An answer that was lost makes our own object look like somebody else's: its cluster tells.
            return await _catalog.TryBeginAsync(begin, ct)
                || await TryReadClusterAsync(_catalog, Timeline, ct) == begin.ClusterId
                ? new BegunTimeline(Timeline, Fault: null, WayOut: null)
                : new BegunTimeline(Timeline,
                    "Somebody else began it while this restore ran: another restore, or another etcd's backup.",
                    "let only one of the two etcds run; if it is this one, run salvor backup --new-timeline once");
        }
        catch (SalvorException e)
        {
            return NotBegun(e.Message);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return NotBegun("It was cancelled.");
        }
    }

    /// <summary>
    /// Begins the timeline after a machine's own for a cluster that is in place there; finds it where it was begun
    /// before. It never follows another one, which would overtake the control plane that has it.
    /// </summary>
    /// <exception cref="SalvorException">It could not be begun, or nobody knows.</exception>
    public static async Task<TimelineId> BeginForAsync(
        OpenRepository repository, ClusterId cluster, TimelineId? own, long revision, string reason,
        TimeProvider time, CancellationToken ct)
    {
        var catalog = new SnapshotCatalog(repository);
        var timelines = await catalog.ListTimelinesAsync(ct);
        foreach (var timeline in timelines.Reverse())
        {
            if (await TryReadClusterAsync(catalog, timeline, ct) == TextOf(cluster))
            {
                return timeline;
            }
        }

        TimelineId? newest = timelines.Count == 0 ? null : timelines[^1];
        if (newest != own)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"The newest timeline of {repository.Store.Location} is {newest}, and this machine's own is "
                + $"{own?.ToString() ?? "not known"}.")
            {
                Hint = "If this control plane is to go on, run salvor backup --new-timeline once.",
            };
        }

        var next = own?.Next ?? new TimelineId(1);
        var begin = new TimelineBegin
        {
            Timeline = next.Value,
            ClusterId = TextOf(cluster),
            Parent = own?.Value,
            ParentRevision = own is null ? null : revision,
            Reason = reason,
            Begun = time.GetUtcNow(),
        };
        return await catalog.TryBeginAsync(begin, ct) || await TryReadClusterAsync(catalog, next, ct) == begin.ClusterId
            ? next
            : throw new SalvorException(ErrorCode.Failed, $"Somebody else began timeline {next} just now.")
            {
                IsTransient = true,
            };
    }

    private BegunTimeline NotBegun(string fault) =>
        new(Timeline, fault, "start etcd, then run salvor backup --new-timeline once");

    /// <summary>The id as a running etcd's is written down.</summary>
    private static string TextOf(ClusterId cluster) => cluster.Value.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Whose timeline it is; null where it does not say, or can't be read.</summary>
    private static async Task<string?> TryReadClusterAsync(
        SnapshotCatalog catalog, TimelineId timeline, CancellationToken ct)
    {
        try
        {
            return (await catalog.ReadBeginAsync(timeline, ct)).ClusterId;
        }
        catch (Exception e) when (RestorePlanner.IsDamage(e))
        {
            return null; // A restore goes on past damage, and a cluster's token is nearly always a new one.
        }
    }
}
