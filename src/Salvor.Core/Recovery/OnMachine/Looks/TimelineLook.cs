using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node.Identity;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

namespace Salvor.Recovery.OnMachine.Looks;

/// <summary>Whether this machine's timeline is still the newest that is in use, asked now and then.</summary>
/// <param name="repository">Opens it, or says why it can't.</param>
/// <param name="stamp">Tells which timeline this machine's is.</param>
/// <param name="time">The clock.</param>
public sealed class TimelineLook(
    Func<CancellationToken, Task<OpenRepository>> repository, NodeIdentityFile stamp, TimeProvider time) : IMachineLook
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private Observations _seen = Observations.None;
    private long? _asked;

    /// <summary>Asks anew at the next look: after the network or the timeline has changed.</summary>
    public void Forget() => _asked = null;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        if (_asked is { } then && time.GetElapsedTime(then) < Every)
        {
            return _seen;
        }

        _asked = time.GetTimestamp();
        _seen = await AskAsync(ct);
        return _seen;
    }

    private static async Task<bool> IsOwnAsync(
        OpenRepository objects, TimelineId timeline, string cluster, CancellationToken ct) =>
        (await new SnapshotCatalog(objects).ReadBeginAsync(timeline, ct)).ClusterId?.TrimStart('0') == cluster;

    private async Task<Observations> AskAsync(CancellationToken ct)
    {
        try
        {
            var objects = await repository(ct);
            var timelines = new RepositoryTimelines(objects);
            var identity = stamp.ReadOrNull();
            var own = identity?.Timeline;
            var view = own is { } number
                ? await timelines.ReadSinceAsync(new TimelineId(number), ct)
                : await timelines.ReadAsync(ct);
            var seen = Observations.None.With(Sign.RepositoryReachable, true);
            if (own is not { } ours || view.Newest is not { } newest)
            {
                return seen;
            }

            // One that was begun for this machine's own cluster is no other machine's: the stamp is only behind.
            var isOthers = newest.Value > ours
                && !(view.IsBegun && await IsOwnAsync(objects, newest, identity!.ClusterId, ct));
            return seen.With(Sign.NewerTimelineActive, isOthers, $"timeline {newest}; ours is {ours}");
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return Observations.None.With(Sign.RepositoryReachable, false, e.Message);
        }
    }
}
