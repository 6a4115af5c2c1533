using Salvor.Platform;

namespace Salvor.Repository.Packs;

/// <summary>Seals batches one after another, beside the thread that hands them in.</summary>
/// <remarks>
/// Some batches may wait, so that neither side stands still when the other is late for a moment. Results are taken in
/// the order in which batches were added.
/// </remarks>
/// <param name="pool">Where it happens.</param>
/// <param name="newPack">Begins a pack when the one before is full.</param>
internal sealed class BatchSealer(ICpuPool pool, Func<PackWriter> newPack) : IAsyncDisposable
{
    private readonly Queue<Task<SealedBatch>> _sealing = new();
    private Task<SealedBatch>? _last;
    private PackWriter? _pack; // The chain's own, while anything is in it.

    /// <summary>Batches whose results were not taken yet.</summary>
    public int Count => _sealing.Count;

    public bool HasResult => _sealing.TryPeek(out var next) && next.IsCompleted;

    public void Add(PageBatch batch)
    {
        _last = SealAfterAsync(_last, batch);
        _sealing.Enqueue(_last);
    }

    /// <summary>The next result. A pack that it ends is the caller's from here on.</summary>
    public Task<SealedBatch> TakeAsync() => _sealing.Dequeue();

    /// <summary>The last pack, which is not full; null where there is none. All results must have been taken.</summary>
    public PackWriter? TakeRest()
    {
        var pack = _pack;
        _pack = null;
        pack?.Finish();
        return pack;
    }

    public async ValueTask DisposeAsync()
    {
        while (_sealing.TryDequeue(out var sealing))
        {
            await sealing.ContinueWith(
                static ended =>
                {
                    if (ended.IsCompletedSuccessfully && ended.Result.EndsPack)
                    {
                        ended.Result.Pack.Dispose();
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        _pack?.Dispose();
    }

    private async Task<SealedBatch> SealAfterAsync(Task<SealedBatch>? before, PageBatch batch)
    {
        using (batch)
        {
            if (before is not null)
            {
                await before; // A failure is everybody's who comes after it.
            }

            return await pool.Run(() => Seal(batch), CancellationToken.None);
        }
    }

    private SealedBatch Seal(PageBatch batch)
    {
        var pack = _pack ??= newPack();
        pack.Add(batch);
        var isFull = pack.IsFull;
        if (isFull)
        {
            pack.Finish();
            _pack = null;
        }

        return new SealedBatch(batch, pack, isFull);
    }
}
