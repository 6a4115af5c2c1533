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
    private const int Parallel = 8;

    private readonly SegmentStore _log = new(repository, timeline);

    public async Task<MergeTotals> RunAsync(bool isDryRun, CancellationToken ct)
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
        var totals = default(MergeTotals);
        foreach (var group in planner.Groups)
        {
            totals += isDryRun ? new MergeTotals(group.Count, 1, 0) : await TryMergeAsync(group, ct);
        }

        return totals;
    }

    private async Task<MergeTotals> TryMergeAsync(IReadOnlyList<SegmentName> group, CancellationToken ct)
    {
        try
        {
            return await MergeAsync(group, ct);
        }
        catch (CorruptDataException)
        {
            return new MergeTotals(0, 0, LeftAlone: 1);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NotFound)
        {
            return default; // Another prune was faster.
        }
    }

    private async Task<MergeTotals> MergeAsync(IReadOnlyList<SegmentName> group, CancellationToken ct)
    {
        var totals = default(MergeTotals);
        using var merged = new MergedSegment();
        await foreach (var opened in OpenAllAsync(group, ct))
        {
            using var source = opened;
            if (!merged.IsEmpty
                && (merged.ContentBytes + source.ContentBytes > rules.ContentBytesMax || !merged.IsFollowedBy(source)))
            {
                totals += await StoreAsync(merged, ct);
            }

            merged.Add(source);
        }

        return totals + await StoreAsync(merged, ct);
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

    private async Task<MergeTotals> StoreAsync(MergedSegment merged, CancellationToken ct)
    {
        var sources = merged.Sources;
        var name = new SegmentName(merged.FirstRevision, merged.LastRevision, ObjectId.New(time, entropy).Value);
        var (content, sums) = merged.Finish();
        using (content)
        {
            if (sources < 2)
            {
                return default;
            }

            await _log.PutAsync(name, _log.Seal(name, content.Bytes.Span), ct);
        }

        using var stored = await _log.OpenAsync(name, ct);
        if (!RevisionSums.Of(stored).AsSpan().SequenceEqual(sums))
        {
            throw new SalvorException(ErrorCode.Corrupt,
                $"{_log.Location} has another {_log.NameOf(name)} than was stored.")
            {
                Hint = "Nothing was deleted. salvor repo probe tells whether the store keeps its promises.",
            };
        }

        return new MergeTotals(sources, 1, 0);
    }
}
