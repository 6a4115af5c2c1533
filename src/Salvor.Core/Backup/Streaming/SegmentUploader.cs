using Salvor.Errors;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>Stores segments, several at a time, and tells how far all of them are safe.</summary>
/// <remarks>
/// A segment counts as safe when it and all before it are stored. What fails for a while is tried until it works; what
/// can't work without help ends the stream with the store's own error. May be used by several threads.
/// </remarks>
internal sealed class SegmentUploader : IDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);

    private readonly SegmentStore _log;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _jitter;
    private readonly Action<StreamEvent> _report;
    private readonly Func<long> _seen;
    private readonly SegmentSpool? _spool;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<PendingSegment> _inOrder = new();
    private readonly Queue<PendingSegment> _waiting = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private long _bytes;

    public SegmentUploader(
        SegmentStore log,
        StreamOptions options,
        TimeProvider time,
        Random jitter,
        Func<long> seen,
        Action<StreamEvent> report)
    {
        _seen = seen;
        _log = log;
        _options = options;
        _spool = options.Spool;
        _time = time;
        _jitter = jitter;
        _report = report;
    }

    /// <summary>Ends with the failure that nothing but help can mend; else never.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Bytes in memory that are not stored yet.</summary>
    public long WaitingBytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Whether another segment would be sent at once.</summary>
    public bool HasFreeSlot
    {
        get
        {
            lock (_gate)
            {
                return _running < _options.UploadsMax;
            }
        }
    }

    /// <summary>Waits until a segment of this size may be added. One always may, however large.</summary>
    public async Task WaitForRoomAsync(int sizeBytes, CancellationToken ct)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (_bytes == 0 || HasMemoryForLocked(sizeBytes) || _spool?.HasRoomFor(sizeBytes) == true)
                {
                    return;
                }

                change = _changed.Task;
            }

            await Task.WhenAny(change, Failed).WaitAsync(ct);
            ThrowIfFailed();
        }
    }

    public void ThrowIfFailed()
    {
        if (Failed.IsFaulted)
        {
            Failed.GetAwaiter().GetResult();
        }
    }

    public void Add(SegmentName name, byte[] bytes, long seenAt)
    {
        var isSpooled = _spool?.TryAdd(name, bytes) == true;
        var segment = new PendingSegment(name, bytes, seenAt) { IsSpooled = isSpooled };
        lock (_gate)
        {
            if (isSpooled && _bytes > 0 && !HasMemoryForLocked(bytes.Length))
            {
                segment.LeaveToSpool();
            }

            _bytes += segment.Bytes.Length;
            _inOrder.Enqueue(segment);
            _waiting.Enqueue(segment);
        }

        StartNext();
    }

    /// <summary>Waits until all is stored.</summary>
    /// <returns>False when the time was over first, or the store refuses.</returns>
    public async Task<bool> DrainAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout, _time);
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (_inOrder.Count == 0)
                {
                    return true;
                }

                change = _changed.Task;
            }

            try
            {
                await Task.WhenAny(change, Failed).WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            if (Failed.IsFaulted)
            {
                return false;
            }
        }
    }

    /// <summary>Gives up what is not stored.</summary>
    public void Dispose()
    {
        _abandoned.Cancel();
        _ = _failed.Task.Exception; // Seen: nobody has to be told at the finalizer.
    }

    private bool HasMemoryForLocked(int sizeBytes) => _bytes + sizeBytes <= _options.WaitingBytesMax;

    private void StartNext()
    {
        PendingSegment next;
        lock (_gate)
        {
            if (_running >= _options.UploadsMax || !_waiting.TryDequeue(out next!))
            {
                return;
            }

            _running++;
        }

        _ = UploadAsync(next);
    }

    private async Task UploadAsync(PendingSegment segment)
    {
        try
        {
            await PutUntilStoredAsync(segment.Name, segment.Bytes.IsEmpty ? _spool!.Read(segment.Name) : segment.Bytes);
            Finish(segment);
            StartNext();
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // The stream ends; etcd still has what was not stored.
        }
        catch (Exception e) // Whatever it is, the stream must not go on as if it were stored.
        {
            _failed.TrySetException(e);
        }
    }

    private async Task PutUntilStoredAsync(SegmentName name, ReadOnlyMemory<byte> bytes)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var deadline = new CancellationTokenSource(_options.PutTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _abandoned.Token);
            string reason;
            try
            {
                await _log.PutAsync(name, bytes, either.Token);
                return;
            }
            catch (SalvorException e) when (e.IsTransient)
            {
                reason = e.Message;
            }
            catch (OperationCanceledException) when (!_abandoned.IsCancellationRequested)
            {
                reason = $"{_log.Location} did not answer within {_options.PutTimeout.TotalSeconds:F0} s.";
            }

            var pause = BackoffOf(attempt);
            _report(new StreamEvent.StoreAway(reason, pause));
            await Task.Delay(pause, _time, _abandoned.Token);
        }
    }

    /// <summary>Doubling, with a random half, so that many streams do not come back at the same instant.</summary>
    private TimeSpan BackoffOf(int attempt)
    {
        var longest = FirstBackoff * Math.Pow(2, Math.Min(attempt, 10));
        longest = longest < _options.BackoffMax ? longest : _options.BackoffMax;
        lock (_gate)
        {
            return longest * (0.5 + (_jitter.NextDouble() / 2));
        }
    }

    private void Finish(PendingSegment segment)
    {
        if (segment.IsSpooled)
        {
            _spool!.Remove(segment.Name);
        }

        lock (_gate)
        {
            _running--;
            _bytes -= segment.Bytes.Length;
            segment.MarkStored();
            while (_inOrder.TryPeek(out var head) && head.IsStored)
            {
                _inOrder.Dequeue();
                // Reported under the lock: safe revisions only ever grow.
                _report(new StreamEvent.Stored(
                    head.Name.First, head.Name.Last, head.SizeBytes, _time.GetElapsedTime(head.SeenAt), _seen()));
            }

            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
