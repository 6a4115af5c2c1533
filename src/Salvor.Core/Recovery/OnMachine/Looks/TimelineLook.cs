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

    /// <summary>Looks, hands and the stream ask beside each other: the answer is replaced as a whole.</summary>
    private volatile TimelineAnswer? _last;

    /// <summary>Asks anew at the next look: after the network or the timeline has changed.</summary>
    public void Forget() => _last = null;

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        var answer = _last is { } last && time.GetElapsedTime(last.Asked) < Every ? last : await AskAsync(ct);
        // What was read is held against what is there now: a recovery may have made this machine's own newer since.
        var newer = answer.NewerThan(stamp.ReadOrNull());
        return Observations.None
            .With(Sign.RepositoryReachable, answer.IsReachable, answer.Detail)
            .With(Sign.NewerTimelineActive, newer.Truth, newer.Detail);
    }

    /// <summary>Asks the repository now, which takes as long as its store takes.</summary>
    public async Task<TimelineAnswer> AskAsync(CancellationToken ct)
    {
        var asked = time.GetTimestamp();
        var answer = await AskAsync(asked, ct);
        if (_last is not { } other || other.Asked <= asked)
        {
            _last = answer;
        }

        return answer;
    }

    /// <summary>The newest timeline, and whose it is: one that is active and has not begun is nobody's yet.</summary>
    private async Task<TimelineAnswer> AskAsync(long asked, CancellationToken ct)
    {
        try
        {
            var objects = await repository(ct);
            var timelines = new RepositoryTimelines(objects);
            var view = stamp.ReadOrNull()?.Timeline is { } own
                ? await timelines.ReadSinceAsync(new TimelineId(own), ct)
                : await timelines.ReadAsync(ct);
            return new TimelineAnswer(asked, Truth.Yes, "")
            {
                Newest = view.Newest,
                Cluster = view is { Newest: { } newest, IsBegun: true }
                    ? await ClusterOfAsync(objects, newest, ct)
                    : null,
            };
        }
        catch (Exception e) when (e is SalvorException or CorruptDataException)
        {
            return new TimelineAnswer(asked, Truth.No, e.Message);
        }
    }

    private static async Task<string?> ClusterOfAsync(
        OpenRepository objects, TimelineId timeline, CancellationToken ct) =>
        (await new SnapshotCatalog(objects).ReadBeginAsync(timeline, ct)).ClusterId;
}
