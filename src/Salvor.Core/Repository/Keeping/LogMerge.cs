using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Repository.Keeping;

/// <summary>The part of a prune that makes the log's segments fewer.</summary>
internal sealed class LogMerge(OpenRepository repository, MergeRules rules, IEntropy entropy, TimeProvider time)
{
    /// <summary>What was merged so far, or would be at most.</summary>
    public MergeTotals Totals { get; private set; }

    /// <summary>Why it ended before all was done; null when it did not.</summary>
    public SalvorException? Fault { get; private set; }

    /// <summary>Merges in all timelines. It takes space, and deletes nothing: a failure is kept, not thrown.</summary>
    public async Task RunAsync(bool isDryRun, CancellationToken ct)
    {
        foreach (var timeline in await new SnapshotCatalog(repository).ListTimelinesAsync(ct))
        {
            var merger = new SegmentMerger(repository, timeline, rules, entropy, time);
            try
            {
                await merger.RunAsync(isDryRun, ct);
            }
            catch (SalvorException e)
            {
                Fault = e;
            }

            Totals += merger.Totals;
            if (Fault is not null)
            {
                return;
            }
        }
    }

    /// <summary>The segments that cover others now.</summary>
    public async Task<ImmutableArray<(TimelineId Timeline, SegmentName Segment)>> FindCoveringAsync(
        CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<(TimelineId, SegmentName)>();
        foreach (var timeline in await new SnapshotCatalog(repository).ListTimelinesAsync(ct))
        {
            var cover = new SegmentCover();
            await foreach (var (segment, _) in new SegmentStore(repository, timeline).ListObjectsAsync(ct))
            {
                cover.Add(segment);
            }

            found.AddRange(cover.Covering.Select(segment => (timeline, segment)));
        }

        return found.ToImmutable();
    }

    /// <summary>What segments cover that no range of the log has already.</summary>
    public static IEnumerable<CoveredSegments> CoveredBy(
        ImmutableArray<(TimelineId Timeline, SegmentName Segment)> covering, ImmutableArray<PruneLogRange> ranges) =>
        covering.GroupBy(one => one.Timeline, one => one.Segment).Select(group => new CoveredSegments(
            group.Key, group,
            ranges.Where(range => range.Timeline == group.Key.Value).Select(range => range.Through)
                .DefaultIfEmpty(0).Max()));

    public async Task<PruneTotals> CountAsync(IEnumerable<CoveredSegments> covered, CancellationToken ct)
    {
        var (count, bytes) = (0, 0L);
        foreach (var part in covered)
        {
            await foreach (var (_, _, info) in part.ListAsync(repository, ct))
            {
                (count, bytes) = (count + 1, bytes + info.LengthBytes);
            }
        }

        return new PruneTotals(0, 0, count, 0, bytes);
    }
}
