using System.Globalization;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Platform;
using Salvor.Repository;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>Stores every change of an etcd as it happens, without a gap, until it is told to stop.</summary>
/// <remarks>
/// It holds no state that matters: where to go on is read from the repository, so it may be killed at any point. While
/// etcd or the store is away it waits and tries again. What it can't get from etcd any more is covered by a snapshot,
/// after which the log goes on.
/// </remarks>
public sealed class LogStreamer : IDisposable
{
    private const int SpoolFactor = 10;

    private readonly IChangeSource _source;
    private readonly ISnapshotTaker _snapshots;
    private readonly StreamOptions _options;
    private readonly ICpuPool _pool;
    private readonly IEntropy _entropy;
    private readonly TimeProvider _time;
    private readonly Action<StreamEvent> _report;
    private readonly SegmentStore _log;
    private readonly SegmentUploader _uploader;
    private readonly LeaseTable _leases;
    private readonly SegmentWriter _segment = new();
    private readonly ChangeCollector _collector;
    private SegmentOrigin? _origin;
    private long _snapshotRevision;
    private long _askedAt;
    private Task? _asking;

    /// <param name="source">The etcd.</param>
    /// <param name="log">Where segments go.</param>
    /// <param name="snapshots">What fills holes that the log can't.</param>
    /// <param name="options">How changes are stored.</param>
    /// <param name="machine">CPU, chance and clock.</param>
    /// <param name="report">Told of what happens, from any thread; must return soon.</param>
    public LogStreamer(
        IChangeSource source,
        SegmentStore log,
        ISnapshotTaker snapshots,
        StreamOptions options,
        StreamMachine machine,
        Action<StreamEvent> report)
    {
        _source = source;
        _log = log;
        _snapshots = snapshots;
        _options = options;
        _pool = machine.Pool;
        _entropy = machine.Entropy;
        _time = machine.Time;
        _report = report;
        _leases = new LeaseTable(source, machine.Time);
        _collector = new ChangeCollector(_segment, _leases, machine.Time, log.Location);
        _uploader = new SegmentUploader(
            log, options, machine.Time, machine.Jitter(), () => _collector.Revision, report);
    }

    /// <summary>Streams until <paramref name="stop"/>, and then stores what has gathered.</summary>
    /// <param name="snapshotRevision">The newest snapshot's revision; null where there is none.</param>
    /// <param name="snapshotOrigin">Who made it.</param>
    /// <param name="stop">Ends the stream in good order.</param>
    /// <returns>Whether all that was seen is stored.</returns>
    /// <exception cref="SalvorException">Something that waiting does not mend.</exception>
    public async Task<bool> RunAsync(long? snapshotRevision, SegmentOrigin? snapshotOrigin, CancellationToken stop)
    {
        try
        {
            await StartAsync(snapshotRevision, snapshotOrigin, stop);
            for (var failures = 0; ; failures++)
            {
                var before = _collector.Revision;
                try
                {
                    await FollowAsync(stop);
                    failures = -1;

                    // Closed for want of room, it must find half of it free, or it would be closed again.
                    await _uploader.WaitForRoomAsync((int)Math.Min(_options.WaitingBytesMax / 2, int.MaxValue), stop);
                }
                catch (SalvorException e) when (e.IsTransient)
                {
                    failures = _collector.Revision > before ? 0 : failures;
                    await PauseAsync(e.Message, failures, stop);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return await EndAsync();
        }
    }

    public void Dispose()
    {
        _uploader.Dispose();
        _leases.Dispose();
    }

    private async Task StartAsync(long? snapshotRevision, SegmentOrigin? snapshotOrigin, CancellationToken stop)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await SpoolLeftovers.StoreAsync(_options.Spool, _log, _report, stop);
                var end = await LogEnd.FindAsync(_log, snapshotRevision, snapshotOrigin, _report, stop);
                if (end is not null)
                {
                    _origin = end.Origin;
                    _snapshotRevision = end.SnapshotRevision;
                    _collector.StartAfter(end.Revision, end.Proof);
                    _report(new StreamEvent.Resumed(end.Revision));
                    return;
                }

                await SnapshotAsync("the repository has no snapshot yet", stop);
                return;
            }
            catch (SalvorException e) when (e.IsTransient)
            {
                await PauseAsync(e.Message, failures, stop);
            }
        }
    }

    /// <summary>Watches until something breaks. Returns where it has to be opened anew at once.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        _collector.DiscardOpen();
        var state = await _source.AskAsync(stop);
        HistoryGuard.Require(state, new LogPosition(_collector.Revision, _origin), _log.Location);
        SetOrigin(state.Origin);

        // One revision that is known comes again: it can be compared, and if it is still there, what follows is whole.
        // (Right at the revision of a compaction, older servers left out deletes.)
        using var feed = new HeldFeed(await _source.OpenAsync(Math.Max(1, _collector.Revision), stop));
        _report(new StreamEvent.Following(_collector.Revision, Math.Max(state.Revision, feed.CreatedAtRevision)));
        while (true)
        {
            var answer = await NextAsync(feed, stop);
            if (feed.IsClosed)
            {
                return;
            }

            if (answer is null)
            {
                throw new SalvorException(ErrorCode.EtcdUnreachable, "etcd ended the watch.") { IsTransient = true };
            }

            if (answer.CompactRevision > 0)
            {
                await OnCompactedAsync(feed, answer.CompactRevision, stop);
                return;
            }

            if (answer.IsCancelled)
            {
                throw new SalvorException(ErrorCode.EtcdRefused, $"etcd ended the watch: {answer.CancelReason}")
                {
                    IsTransient = true,
                };
            }

            if (answer.HasEvents && !await TakeAsync(feed, answer, stop))
            {
                return;
            }
        }
    }

    /// <summary>Waits for the watch, and meanwhile closes the segment when it is due.</summary>
    private async Task<WatchAnswer?> NextAsync(HeldFeed feed, CancellationToken stop)
    {
        var next = feed.NextAsync(stop);
        while (!next.IsCompleted)
        {
            if (_segment.IsEmpty)
            {
                await Task.WhenAny(next, _uploader.Failed);
            }
            else
            {
                await WaitUntilDueAsync(next, stop);
            }

            _uploader.ThrowIfFailed();
            if (!next.IsCompleted && !_segment.IsEmpty && IsDue())
            {
                await FlushAsync(feed, stop);
            }
        }

        try
        {
            return await next;
        }
        catch (Exception) when (feed.IsClosed && !stop.IsCancellationRequested)
        {
            return null; // It was closed by us while it was waited for.
        }
    }

    /// <summary>
    /// While the store takes all that it can, a segment grows; but where there is a spool, it soon goes there.
    /// </summary>
    private bool IsDue()
    {
        var age = _time.GetElapsedTime(_collector.SeenAt);
        return age >= _options.FlushAfter
            && (_uploader.HasFreeSlot || (_options.Spool is not null && age >= SpoolFactor * _options.FlushAfter));
    }

    private async Task WaitUntilDueAsync(Task next, CancellationToken stop)
    {
        var left = _options.FlushAfter - _time.GetElapsedTime(_collector.SeenAt);
        // Overdue means that the store takes all that it can: then the segment grows, rather than the queue.
        left = left > TimeSpan.Zero ? left : _options.FlushAfter / 10;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(next, _uploader.Failed, Task.Delay(left, _time, waiting.Token));
        waiting.Cancel();
    }

    /// <returns>False where the watch has to be opened anew.</returns>
    private async Task<bool> TakeAsync(HeldFeed feed, WatchAnswer answer, CancellationToken stop)
    {
        for (var offset = 0; ;)
        {
            var result = _collector.Collect(answer, ref offset, _options.FlushBytes);
            switch (result)
            {
                case CollectResult.Done:
                    RefreshOrigin(stop);
                    if (!_segment.IsEmpty && IsDue())
                    {
                        await FlushAsync(feed, stop);
                    }

                    return true;
                case CollectResult.Full:
                    await FlushAsync(feed, stop);
                    if (feed.IsClosed)
                    {
                        return false;
                    }

                    break;
                case CollectResult.Gap:
                    await SnapshotAsync($"etcd left out changes: {_collector.Missing}", stop);
                    return false;
                default:
                    await SnapshotAsync(string.Create(CultureInfo.InvariantCulture,
                        $"revision {_collector.Revision + 1} is too large for a segment"), stop);
                    return false;
            }
        }
    }

    /// <summary>Closes the segment and hands it to the store, waiting for room where there is none.</summary>
    private async Task FlushAsync(HeldFeed? feed, CancellationToken ct)
    {
        var leases = await _leases.TakeAsync(_options.LeaseTimeout, ct);
        var id = ObjectId.New(_time, _entropy).Value;
        var name = new SegmentName(_segment.FirstRevision, _segment.LastRevision, id);
        using var content = _segment.Finish(_origin ?? default, leases);
        var seenAt = _collector.SeenAt;
        var bytes = await _pool.Run(() => _log.Seal(name, content.Bytes.Span), CancellationToken.None);
        var room = _uploader.WaitForRoomAsync(bytes.Length, ct);
        if (feed is not null && !room.IsCompleted)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(room, Task.Delay(_options.UnreadMax, _time, waiting.Token));
            waiting.Cancel();
            if (!room.IsCompleted && !ct.IsCancellationRequested)
            {
                // etcd would keep answers for us; closed, it keeps nothing, and we come back when there is room.
                feed.Dispose();
                _report(new StreamEvent.Held(_uploader.WaitingBytes));
            }
        }

        try
        {
            await room;
        }
        finally
        {
            // Also where the stream ends while it waits: what was closed is not lost, but stored at the end.
            _uploader.Add(name, bytes, seenAt);
        }
    }

    private async Task OnCompactedAsync(HeldFeed feed, long compacted, CancellationToken stop)
    {
        feed.Dispose();
        if (_snapshotRevision > _collector.Revision)
        {
            // Only a hole before a snapshot could have been filled; that snapshot covers it.
            await FlushRestAsync(stop);
            _collector.StartAfter(_snapshotRevision, proof: null);
            _report(new StreamEvent.Resumed(_snapshotRevision));
            return;
        }

        await SnapshotAsync(string.Create(CultureInfo.InvariantCulture,
            $"etcd compacted up to revision {compacted}, and the log ends at {_collector.Revision}"), stop);
    }

    private async Task FlushRestAsync(CancellationToken stop)
    {
        _collector.DiscardOpen();
        if (!_segment.IsEmpty)
        {
            await FlushAsync(feed: null, stop);
        }
    }

    private async Task SnapshotAsync(string reason, CancellationToken stop)
    {
        await FlushRestAsync(stop);
        _report(new StreamEvent.NeedsSnapshot(reason));
        var revision = await _snapshots.TakeAsync(reason, stop);
        _report(new StreamEvent.SnapshotTaken(revision));
        _collector.StartAfter(revision, proof: null);
    }

    /// <summary>Stores what has gathered, as far as the store lets it in the time that an end may take.</summary>
    private async Task<bool> EndAsync()
    {
        _collector.DiscardOpen();
        if (!_segment.IsEmpty)
        {
            using var deadline = new CancellationTokenSource(_options.EndTimeout, _time);
            try
            {
                await FlushAsync(feed: null, deadline.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SalvorException)
            {
                return false;
            }
        }

        return await _uploader.DrainAsync(_options.EndTimeout);
    }

    private async Task PauseAsync(string reason, int failures, CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(100) * Math.Pow(2, Math.Clamp(failures, 0, 12));
        pause = pause < _options.BackoffMax ? pause : _options.BackoffMax;
        _report(new StreamEvent.EtcdAway(reason, pause));
        if (!_segment.IsEmpty && _uploader.HasFreeSlot)
        {
            await FlushAsync(feed: null, stop); // What gathered does not wait for etcd.
        }

        await Task.Delay(pause, _time, stop);
    }

    private void SetOrigin(SegmentOrigin origin)
    {
        _origin = origin;
        _askedAt = _time.GetTimestamp();
    }

    /// <summary>Asks now and then how far the raft log is, beside the stream: an answer is never waited for.</summary>
    private void RefreshOrigin(CancellationToken stop)
    {
        if (_asking is not { IsCompleted: false } && _time.GetElapsedTime(_askedAt) >= _options.StatusInterval)
        {
            _askedAt = _time.GetTimestamp();
            _asking = AskAsync(stop);
        }
    }

    private async Task AskAsync(CancellationToken stop)
    {
        try
        {
            var state = await _source.AskAsync(stop);
            if (_origin is { } before && state.Origin.ClusterId == before.ClusterId
                && (state.Origin.MemberId != before.MemberId || state.Origin.RaftIndex >= before.RaftIndex))
            {
                SetOrigin(state.Origin);
            }
        }
        catch (Exception e) when (e is SalvorException or OperationCanceledException)
        {
            // The watch itself tells when etcd is gone.
        }
    }
}
