using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Restore.Log;

/// <summary>Fetches segments in order, some of them ahead of their reader.</summary>
/// <remarks>
/// An hour of a quiet etcd is thousands of small segments, each a round trip to a bucket: many must be under way. A
/// busy minute is a few large ones, which memory has to hold opened.
/// </remarks>
internal sealed class SegmentsAhead : IAsyncDisposable
{
    private readonly SegmentStore _log;
    private readonly IReadOnlyList<SegmentName> _segments;
    private const int CountMax = 32;
    private const int CountMin = 2;
    private const long SealedBytesMax = 3 << 20;

    private readonly Queue<(Task<FetchedSegment> Fetch, long SealedBytes)> _fetching = new();
    private readonly IReadOnlyDictionary<SegmentName, long> _sizes;
    private readonly CancellationTokenSource _stop;
    private int _started;
    private long _sealedBytes;

    /// <param name="log">Where they are.</param>
    /// <param name="segments">Which, in order.</param>
    /// <param name="sizes">The lengths of their objects.</param>
    /// <param name="ct">Ends it.</param>
    public SegmentsAhead(
        SegmentStore log,
        IReadOnlyList<SegmentName> segments,
        IReadOnlyDictionary<SegmentName, long> sizes,
        CancellationToken ct)
    {
        _log = log;
        _segments = segments;
        _sizes = sizes;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
    }

    /// <summary>What was wrong with the segment that was handed on last.</summary>
    public CorruptDataException? Failure { get; private set; }

    /// <summary>The next segment; null after the last one.</summary>
    public async Task<FetchedSegment?> NextAsync()
    {
        while (_started < _segments.Count && HasRoomFor(_sizes[_segments[_started]]))
        {
            var size = _sizes[_segments[_started]];
            _fetching.Enqueue((FetchAsync(_segments[_started++]), size));
            _sealedBytes += size;
        }

        if (!_fetching.TryDequeue(out var next))
        {
            return null;
        }

        _sealedBytes -= next.SealedBytes;
        var fetched = await next.Fetch;
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
                (await left.Fetch).Reader?.Dispose();
            }
            catch (Exception e) when (e is OperationCanceledException or SalvorException)
            {
                // Nobody waits for it any more.
            }
        }

        _stop.Dispose();
    }

    private bool HasRoomFor(long sealedBytes) => _fetching.Count < CountMin
        || (_fetching.Count < CountMax && _sealedBytes + sealedBytes <= SealedBytesMax);

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
        catch (SalvorException e) when (e.Code is ErrorCode.NewerFormat or ErrorCode.NotFound)
        {
            // It costs what a damaged one costs: what follows it. The snapshot before it is as good as it was. One that
            // is gone was merged since, and another one holds what it held.
            var failure = new CorruptDataException(_log.NameOf(name).Value, 0, e.Message.TrimEnd('.'));
            return new FetchedSegment(name, Reader: null, failure);
        }
    }
}
