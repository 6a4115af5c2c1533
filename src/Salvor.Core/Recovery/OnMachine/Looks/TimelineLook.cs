using Salvor.Errors;
using Salvor.Formats;
using Salvor.Node.Identity;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Shared;
using Salvor.Repository;

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

    private async Task<Observations> AskAsync(CancellationToken ct)
    {
        try
        {
            var timelines = new RepositoryTimelines(await repository(ct));
            var own = stamp.ReadOrNull()?.Timeline;
            var view = own is { } number
                ? await timelines.ReadSinceAsync(new TimelineId(number), ct)
                : await timelines.ReadAsync(ct);
            var seen = Observations.None.With(Sign.RepositoryReachable, true);
            return own is { } ours && view.Newest is { } newest
                ? seen.With(Sign.NewerTimelineActive, newest.Value > ours, $"timeline {newest}; ours is {ours}")
                : seen;
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return Observations.None.With(Sign.RepositoryReachable, false, e.Message);
        }
    }
}
