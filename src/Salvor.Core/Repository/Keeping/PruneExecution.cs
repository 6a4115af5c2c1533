using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>Deletes, in the order that leaves no snapshot without its packs wherever it is cut off.</summary>
internal sealed class PruneExecution(OpenRepository repository, WorkLimit limit)
{
    private const int Parallel = 8;
    private const int Batch = 512;

    public async Task RunAsync(PruneWork work, CancellationToken ct)
    {
        // A snapshot that is listed must be whole: its object goes first, and is gone before any pack goes.
        await DeleteAsync(work.Snapshots, ct);
        await DeleteAsync(work.Packs.Select(pack => pack.Name), ct);
        await DeleteAsync(work.Checks.Select(check => check.Name), ct);
        foreach (var range in work.Log)
        {
            await DeleteLogAsync(range, ct);
        }

        await DeleteAsync(work.Covered.Select(segment => segment.Name), ct);
        await DeleteAsync(work.Plans, ct);
    }

    private async Task DeleteLogAsync(PruneLogRange range, CancellationToken ct)
    {
        var batch = new List<ObjectName>();
        await foreach (var info in SegmentsOf(repository, range, ct))
        {
            batch.Add(info.Name);
            if (batch.Count == Batch)
            {
                await DeleteAsync(batch, ct);
                batch.Clear();
            }
        }

        await DeleteAsync(batch, ct);
    }

    /// <summary>The segments that end at the range's revision or before it.</summary>
    public static async IAsyncEnumerable<ObjectInfo> SegmentsOf(
        OpenRepository repository,
        PruneLogRange range,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var log = new SegmentStore(repository, new TimelineId(range.Timeline));
        await foreach (var (segment, info) in log.ListObjectsAsync(ct))
        {
            if (segment.First > range.Through)
            {
                yield break;
            }

            if (segment.Last <= range.Through)
            {
                yield return info;
            }
        }
    }

    private async Task DeleteAsync(IEnumerable<ObjectName> names, CancellationToken ct)
    {
        foreach (var chunk in names.Chunk(Parallel))
        {
            if (limit.IsOver)
            {
                throw new SalvorException(ErrorCode.Failed,
                    $"Prune looked through {repository.Store.Location} more than an hour ago, and stopped.")
                {
                    IsTransient = true,
                    Hint = "What was deleted was not needed; run it again for the rest.",
                };
            }

            await Task.WhenAll(chunk.Select(name => repository.Store.DeleteAsync(name, ct)));
        }
    }
}
