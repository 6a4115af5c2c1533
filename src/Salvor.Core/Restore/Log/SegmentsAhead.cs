using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Restore.Log;

/// <summary>Fetches segments in order, a few of them ahead of their reader.</summary>
internal sealed class SegmentsAhead : IAsyncDisposable
{
    private readonly SegmentStore _log;
    private readonly IReadOnlyList<SegmentName> _segments;
    private readonly Queue<Task<FetchedSegment>> _fetching = new();
    private readonly int _aheadMax;
    private readonly CancellationTokenSource _stop;
    private int _started;

    public SegmentsAhead(SegmentStore log, IReadOnlyList<SegmentName> segments, int aheadMax, CancellationToken ct)
    {
        _log = log;
        _segments = segments;
        _aheadMax = aheadMax;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    }

    /// <summary>What was wrong with the segment that was handed on last.</summary>
    public CorruptDataException? Failure { get; private set; }

    /// <summary>The next segment; null after the last one.</summary>
    public async Task<FetchedSegment?> NextAsync()
    {
        while (_fetching.Count <= _aheadMax && _started < _segments.Count)
        {
            _fetching.Enqueue(FetchAsync(_segments[_started++]));
        }

        if (!_fetching.TryDequeue(out var next))
        {
            return null;
        }

        var fetched = await next;
        Failure = fetched.Failure;
        return fetched;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        while (_fetching.TryDequeue(out var left))
        {
            try
            {
                (await left).Reader?.Dispose();
            }
            catch (Exception e) when (e is OperationCanceledException or SalvorException)
            {
                // Nobody waits for it any more.
            }
        }

        _stop.Dispose();
    }

    private async Task<FetchedSegment> FetchAsync(SegmentName name)
    {
        try
        {
            return new FetchedSegment(name, await _log.OpenAsync(name, _stop.Token), Failure: null);
        }
        catch (CorruptDataException e)
        {
            return new FetchedSegment(name, Reader: null, e);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NewerFormat)
        {
            // It costs what a damaged one costs: what follows it. The snapshot before it is as good as it was.
            var failure = new CorruptDataException(_log.NameOf(name).Value, 0, e.Message.TrimEnd('.'));
            return new FetchedSegment(name, Reader: null, failure);
        }
    }
}
