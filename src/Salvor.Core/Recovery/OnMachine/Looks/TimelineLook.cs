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

    private long? _asked;
    private (TimelineId Newest, string? Cluster)? _newest;
    private Truth _isReachable = Truth.Unknown;
    private string _detail = "";

    /// <summary>Asks anew at the next look: after the network or the timeline has changed.</summary>
    public void Forget() => _asked = null;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        if (_asked is not { } then || time.GetElapsedTime(then) >= Every)
        {
            _asked = time.GetTimestamp();
            await AskAsync(ct);
        }

        // What was read is held against what is there now: a recovery may have made this machine's own newer since.
        var seen = Observations.None.With(Sign.RepositoryReachable, _isReachable, _detail);
        return stamp.ReadOrNull() is { Timeline: { } ours } identity && _newest is { } newest
            ? seen.With(
                Sign.NewerTimelineActive,
                newest.Newest.Value > ours && newest.Cluster?.TrimStart('0') != identity.ClusterId,
                $"timeline {newest.Newest}; ours is {ours}")
            : seen;
    }

    /// <summary>The newest timeline, and whose it is: one that is active and has not begun is nobody's yet.</summary>
    private async Task AskAsync(CancellationToken ct)
    {
        try
        {
            var objects = await repository(ct);
            var timelines = new RepositoryTimelines(objects);
            var view = stamp.ReadOrNull()?.Timeline is { } own
                ? await timelines.ReadSinceAsync(new TimelineId(own), ct)
                : await timelines.ReadAsync(ct);
            _newest = view.Newest is not { } newest ? null
                : (newest, view.IsBegun ? await ClusterOfAsync(objects, newest, ct) : null);
            (_isReachable, _detail) = (Truth.Yes, "");
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            (_newest, _isReachable, _detail) = (null, Truth.No, e.Message);
        }
    }

    private static async Task<string?> ClusterOfAsync(
        OpenRepository objects, TimelineId timeline, CancellationToken ct) =>
        (await new SnapshotCatalog(objects).ReadBeginAsync(timeline, ct)).ClusterId;
}
