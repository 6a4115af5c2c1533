using Salvor.Errors;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>The times to live of leases, each asked for once, when a key first refers to it.</summary>
/// <param name="source">Who knows them.</param>
/// <param name="time">For the time that a segment may wait.</param>
internal sealed class LeaseTable(IChangeSource source, TimeProvider time) : IDisposable
{
    private const int KeptMax = 20_000;
    private const int CallsMax = 4;

    private readonly Dictionary<long, Task<long>> _known = [];
    private readonly HashSet<long> _inSegment = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _calls = new(CallsMax, CallsMax);

    /// <summary>A key of the open segment refers to a lease.</summary>
    public void Note(long lease)
    {
        if (lease == 0 || !_inSegment.Add(lease))
        {
            return;
        }

        // A failed question is asked again when the lease turns up next.
        if (!_known.TryGetValue(lease, out var answer)
            || (answer.IsCompleted && !(answer.IsCompletedSuccessfully && answer.Result > 0)))
        {
            if (_known.Count >= KeptMax)
            {
                _known.Clear();
            }

            _known[lease] = AskAsync(lease);
        }
    }

    /// <summary>The leases of the segment that is closed now, with 0 for what etcd does not tell in time.</summary>
    public async Task<IReadOnlyCollection<SegmentLease>> TakeAsync(TimeSpan timeout, CancellationToken ct)
    {
        if (_inSegment.Count == 0)
        {
            return [];
        }

        var asked = _inSegment.Select(id => (Id: id, Answer: _known.GetValueOrDefault(id))).ToList();
        _inSegment.Clear();
        var all = Task.WhenAll(asked.Select(a => a.Answer ?? Task.FromResult(0L)));
        if (!all.IsCompleted)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(all, Task.Delay(timeout, time, waiting.Token));
            waiting.Cancel();
        }

        return [.. asked.Select(a => new SegmentLease(
            a.Id, a.Answer is { IsCompletedSuccessfully: true } done ? done.Result : 0))];
    }

    public void Dispose() => _ended.Cancel();

    private async Task<long> AskAsync(long lease)
    {
        try
        {
            await _calls.WaitAsync(_ended.Token);
            try
            {
                return await source.LeaseSecondsAsync(lease, _ended.Token);
            }
            finally
            {
                _calls.Release();
            }
        }
        catch (Exception e) when (e is SalvorException or OperationCanceledException)
        {
            return 0; // A lease without its time is still a backup; no backup is not.
        }
    }
}
