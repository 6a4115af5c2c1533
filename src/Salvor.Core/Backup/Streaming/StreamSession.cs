using System.Globalization;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Repository;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Backup.Streaming;

/// <summary>Streams a running etcd into a repository: finds the timeline, and keeps the log going.</summary>
public sealed class StreamSession(EtcdConnection etcd, OpenRepository repository, StreamMachine machine)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Streams until <paramref name="stop"/>, and then stores what has gathered.</summary>
    /// <returns>Whether all that was seen is stored.</returns>
    /// <exception cref="SalvorException">
    /// Something that waiting does not mend: among it, that the newest timeline is another cluster's by now.
    /// </exception>
    public async Task<bool> RunAsync(StreamOptions options, Action<StreamEvent> report, CancellationToken stop)
    {
        var isWhole = true;
        while (true)
        {
            TimelineId timeline;
            SnapshotManifest? newest;
            try
            {
                (timeline, newest) = await ChooseAsync(report, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return isWhole; // Nothing was seen since.
            }

            using var writing = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var watch = new TimelineWatch(repository, timeline, machine.Time, report).RunAsync(writing);
            try
            {
                isWhole &= await StreamAsync(timeline, newest, options, report, writing.Token);
            }
            finally
            {
                await writing.CancelAsync();
                await watch;
            }

            if (stop.IsCancellationRequested)
            {
                return isWhole;
            }

            // A newer timeline ended it. Where that is this etcd's own, the stream goes on there.
        }
    }

    /// <summary>Streams to one timeline.</summary>
    private async Task<bool> StreamAsync(
        TimelineId timeline, SnapshotManifest? newest, StreamOptions options, Action<StreamEvent> report,
        CancellationToken stop)
    {
        var snapshots = new RepositorySnapshotTaker(etcd, repository, machine, options);
        using var streamer = new LogStreamer(
            new EtcdChangeSource(etcd), new SegmentStore(repository, timeline), snapshots, options, machine, report);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var schedule = options.SnapshotEvery == Timeout.InfiniteTimeSpan
            ? Task.CompletedTask
            : new SnapshotSchedule(snapshots, options, machine.Time, report).RunAsync(newest, ended.Token);
        try
        {
            return await streamer.RunAsync(newest?.Revision, newest is null ? null : OriginOf(newest), stop);
        }
        finally
        {
            await ended.CancelAsync();
            await schedule;
        }
    }

    private async Task<(TimelineId Timeline, SnapshotManifest? Newest)> ChooseAsync(
        Action<StreamEvent> report, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var choice = new TimelineChoice(
                    new SnapshotCatalog(repository), repository.Store.Location, machine.Time);
                var (timeline, newest, _) = await choice.ChooseAsync(
                    ct => SourceNow.AskAsync(etcd, ct), beginsTimeline: false, stop);
                return (timeline, newest);
            }
            catch (SalvorException e) when (e.IsTransient)
            {
                report(new StreamEvent.EtcdAway(e.Message, RetryAfter));
                await Task.Delay(RetryAfter, machine.Time, stop);
            }
        }
    }

    private static SegmentOrigin? OriginOf(SnapshotManifest manifest) =>
        TryHex(manifest.Source.ClusterId, out var cluster) && TryHex(manifest.Source.MemberId, out var member)
            ? new SegmentOrigin(
                cluster, member, (ulong)manifest.Source.RaftIndex, (ulong)manifest.Source.RaftTerm)
            : null;

    private static bool TryHex(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
