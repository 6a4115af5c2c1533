using System.Buffers;
using Salvor.ObjectStore;
using Salvor.Platform;
using Salvor.Repository.Packs;

namespace Salvor.Repository.Snapshots;

/// <summary>Stores an image as it streams by: only its changed pages, in packs that go up beside the stream.</summary>
/// <remarks>
/// Two processors work at it: while one compares the pages that come, another compresses and seals the batches before.
/// Memory: the page map, a few batches, one pack being filled and <see cref="UploadsMax"/> on their way. When the store
/// is slower than the stream, settling waits. What was stored stays, also when the rest fails: the next attempt finds
/// it.
/// </remarks>
internal sealed class ImageWriter : IAsyncDisposable
{
    private const int UploadsMax = 3;

    /// <summary>Batches that may wait to be sealed: they even out that some take longer than others.</summary>
    private const int SealingMax = 6;

    private readonly OpenRepository _repository;
    private readonly TimelineId _timeline;
    private readonly ObjectId _attempt;
    private readonly BaseImage _base;
    private readonly HashSet<int> _worn;
    private readonly byte[] _page = new byte[PackLayout.PageBytes];
    private readonly SemaphoreSlim _uploadSlots = new(UploadsMax, UploadsMax);
    private readonly Queue<PageBatch> _filled = new();
    private readonly BatchSealer _sealer;
    private readonly List<Task> _uploads = [];
    private readonly CancellationTokenSource _stop;
    private PageBatch _batch = new();
    private PackWriter? _pack; // The one that the newest result belongs to.
    private int _packIndex;
    private int _packNumber;
    private int _packsBegun;
    private int _pageFill;
    private long _pageNumber;

    public ImageWriter(
        OpenRepository repository,
        ICpuPool pool,
        TimelineId timeline,
        ObjectId attempt,
        BaseImage baseImage,
        long imageBytesExpected,
        CancellationToken ct)
    {
        _repository = repository;
        _timeline = timeline;
        _attempt = attempt;
        _base = baseImage;
        _worn = baseImage.Worn(imageBytesExpected);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _sealer = new BatchSealer(pool, BeginPack);
    }

    /// <summary>Pages that were stored.</summary>
    public long ChangedPages { get; private set; }

    /// <summary>Bytes of the packs that were stored.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Takes the image's next bytes, however they are cut. Settle now and then.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, PackLayout.PageBytes - _pageFill);
            if (count == PackLayout.PageBytes)
            {
                TakePage(bytes[..count]);
            }
            else
            {
                bytes[..count].CopyTo(_page.AsSpan(_pageFill));
                _pageFill += count;
                if (_pageFill == PackLayout.PageBytes)
                {
                    TakePage(_page);
                    _pageFill = 0;
                }
            }

            bytes = bytes[count..];
        }
    }

    /// <summary>Has full batches sealed and full packs sent on their way, and waits while too many are.</summary>
    public async ValueTask SettleAsync()
    {
        while (_filled.TryDequeue(out var batch))
        {
            _sealer.Add(batch);
            while (_sealer.Count > SealingMax)
            {
                await TakeSealedAsync();
            }
        }

        while (_sealer.HasResult)
        {
            await TakeSealedAsync();
        }

        // A failed upload ends the work at once, not only at the image's end.
        foreach (var ended in _uploads.Where(upload => upload.IsCompleted).ToArray())
        {
            await ended;
            _uploads.Remove(ended);
        }
    }

    /// <summary>Stores the rest, and waits until all is durable.</summary>
    /// <returns>The packs of the image, in order.</returns>
    public async Task<IReadOnlyList<SnapshotPack>> FinishAsync()
    {
        if (_pageFill > 0)
        {
            _page.AsSpan(_pageFill).Clear();
            TakePage(_page);
            _pageFill = 0;
        }

        if (!_batch.IsEmpty)
        {
            _filled.Enqueue(_batch);
            _batch = new PageBatch();
        }

        await SettleAsync();
        while (_sealer.Count > 0)
        {
            await TakeSealedAsync();
        }

        if (_sealer.TakeRest() is { } rest)
        {
            await SendAsync(rest);
        }

        await Task.WhenAll(_uploads);
        _base.Pages.Truncate(_pageNumber);
        return
        [
            .. _base.Packs
                .Select((pack, i) => new SnapshotPack(pack.Name, pack.Bytes, pack.Pages, _base.Pages.LivePages(i)))
                .Where(pack => pack.LivePages > 0),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Settled(Task.WhenAll(_uploads));
        await _sealer.DisposeAsync();
        _batch.Dispose();
        foreach (var batch in _filled)
        {
            batch.Dispose();
        }

        _uploadSlots.Dispose();
        _stop.Dispose();
    }

    /// <summary>Waits until the task has ended, however it ended.</summary>
    private static Task Settled(Task task) => task.ContinueWith(
        static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void TakePage(ReadOnlySpan<byte> page)
    {
        var number = _pageNumber++;
        var hash = PageHash.Of(page);
        var pack = _base.Pages.PackOf(number);
        if (pack >= 0 && !_worn.Contains(pack) && _base.Pages.HashOf(number) == hash)
        {
            return;
        }

        _batch.Add(number, page, hash);
        ChangedPages++;
        if (_batch.IsFull)
        {
            _filled.Enqueue(_batch);
            _batch = new PageBatch();
        }
    }

    private PackWriter BeginPack() => new(
        _repository.Sealer, RepositoryNames.Pack(_timeline, RepositoryNames.PackOf(_attempt, _packsBegun++)));

    /// <summary>Gives the pages of the oldest batch their place, and sends its pack when that is full.</summary>
    private async ValueTask TakeSealedAsync()
    {
        var (batch, pack, endsPack) = await _sealer.TakeAsync();
        if (_pack != pack)
        {
            _pack = pack;
            _packIndex = _base.Pages.AddPack();
            _base.Packs.Add(new StoredPack(RepositoryNames.PackOf(_attempt, _packNumber++), Bytes: 0, Pages: 0));
        }

        for (var i = 0; i < batch.Numbers.Length; i++)
        {
            _base.Pages.Set(batch.Numbers[i], batch.Hashes[i], _packIndex);
        }

        if (endsPack)
        {
            await SendAsync(pack);
        }
    }

    private async ValueTask SendAsync(PackWriter pack)
    {
        var stored = _base.Packs[_packIndex] with { Bytes = pack.Bytes.Length, Pages = pack.PageCount };
        _base.Packs[_packIndex] = stored;
        StoredBytes += stored.Bytes;
        try
        {
            await _uploadSlots.WaitAsync(_stop.Token);
        }
        catch
        {
            pack.Dispose();
            throw;
        }

        _uploads.Add(UploadAsync(pack));
    }

    private async Task UploadAsync(PackWriter pack)
    {
        try
        {
            using (pack)
            {
                await _repository.Store.PutAsync(
                    pack.Name, new ReadOnlySequence<byte>(pack.Bytes), PutCondition.None, _stop.Token);
            }
        }
        finally
        {
            _uploadSlots.Release();
        }
    }
}
