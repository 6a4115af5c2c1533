using System.Runtime.CompilerServices;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Platform;
using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>
/// Stores one segment in the place of many small ones: a store then has fewer objects, and a restore fewer to fetch.
/// </summary>
/// <remarks>
/// A merged segment is a segment like others, which readers prefer since it reaches farther. It is read again and
/// compared when it is stored; what it covers is deleted as everything else is, by a plan, and a day later.
/// </remarks>
internal sealed class SegmentMerger(
    OpenRepository repository, TimelineId timeline, MergeRules rules, IEntropy entropy, TimeProvider time)
{
    private const int Parallel = 4;

    private readonly SegmentStore _log = new(repository, timeline);

    /// <summary>What was done so far; of a dry run, what would be at most.</summary>
    public MergeTotals Totals { get; private set; }

    public async Task RunAsync(bool isDryRun, CancellationToken ct)
    {
        var planner = new MergePlanner(rules);
        await foreach (var (segment, info) in _log.ListObjectsAsync(ct))
        {
            planner.Add(segment, info.LengthBytes);
            if (planner.IsFull)
            {
                break;
            }
        }

        planner.Finish();
        foreach (var group in planner.Groups)
        {
            if (isDryRun)
            {
                Totals += new MergeTotals(group.Count, 1, 0);
            }
            else
            {
                await TryMergeAsync(group, ct);
            }
        }
    }

    private async Task TryMergeAsync(IReadOnlyList<SegmentName> group, CancellationToken ct)
    {
        try
        {
            await MergeAsync(group, ct);
        }
        catch (Exception e) when (e is CorruptDataException
            or SalvorException { Code: ErrorCode.Corrupt or ErrorCode.NewerFormat })
        {
            Totals += new MergeTotals(0, 0, LeftAlone: 1);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NotFound)
        {
            // Another prune was faster.
        }
    }

    private async Task MergeAsync(IReadOnlyList<SegmentName> group, CancellationToken ct)
    {
        using var merged = new MergedSegment();
        await foreach (var opened in OpenAllAsync(group, ct))
        {
            using var source = opened;
            if (!merged.Seek(source))
            {
                continue;
            }

            if (!merged.IsEmpty
                && (merged.ContentBytes + source.ContentBytes > rules.ContentBytesMax || !merged.CanTake(source)))
            {
                await StoreAsync(merged, ct);
            }

            merged.Take(source);
        }

        await StoreAsync(merged, ct);
    }

    /// <summary>In order, with the next ones under way.</summary>
    private async IAsyncEnumerable<SegmentReader> OpenAllAsync(
        IEnumerable<SegmentName> group, [EnumeratorCancellation] CancellationToken ct)
    {
        var ahead = new Queue<Task<SegmentReader>>();
        try
        {
            foreach (var segment in group)
            {
                ahead.Enqueue(_log.OpenAsync(segment, ct));
                if (ahead.Count == Parallel)
                {
                    yield return await ahead.Dequeue();
                }
            }

            while (ahead.TryDequeue(out var next))
            {
                yield return await next;
            }
        }
        finally
        {
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var unread in ahead.Where(one => one.IsCompletedSuccessfully))
            {
                (await unread).Dispose();
            }
        }
    }

    private async Task StoreAsync(MergedSegment merged, CancellationToken ct)
    {
        var sources = merged.Sources;
        var name = new SegmentName(merged.FirstRevision, merged.LastRevision, ObjectId.New(time, entropy).Value);
        var (content, sums) = merged.Finish();
        using (content)
        {
            if (sources < 2)
            {
                return;
            }

            await _log.PutAsync(name, _log.Seal(name, content.Bytes.Span), ct);
        }

        if (!await IsStoredAsync(name, sums, ct))
        {
            // Readers would choose it, and what it was made of is all there.
            await repository.Store.DeleteAsync(_log.NameOf(name), ct);
            throw new SalvorException(ErrorCode.StoreRefused,
                $"{_log.Location} holds something else as {_log.NameOf(name)} than was stored a moment ago.")
            {
                Hint = "That object was deleted again, and no other. salvor repo probe tells whether the store keeps "
                    + "its promises.",
            };
        }

        Totals += new MergeTotals(sources, 1, 0);
    }

    private async Task<bool> IsStoredAsync(SegmentName name, RevisionSum[] sums, CancellationToken ct)
    {
        try
        {
            using var stored = await _log.OpenAsync(name, ct);
            return RevisionSum.Agree(RevisionSums.Of(stored), sums);
        }
        catch (Exception e) when (e is CorruptDataException or SalvorException { Code: ErrorCode.Corrupt })
        {
            return false;
        }
    }
}
