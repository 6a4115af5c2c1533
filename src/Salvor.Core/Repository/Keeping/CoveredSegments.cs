using System.Runtime.CompilerServices;
using Salvor.ObjectStore;
using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>The segments of a timeline whose revisions certain others hold, too.</summary>
/// <param name="Timeline">The timeline.</param>
/// <param name="Covering">Those others, in any order.</param>
/// <param name="After">What ends at this revision or before it is not looked at: it goes by itself.</param>
internal sealed record CoveredSegments(TimelineId Timeline, IEnumerable<SegmentName> Covering, long After)
{
    /// <summary>Each with the one that covers it, in the order of their names: the same one's are in a row.</summary>
    public async IAsyncEnumerable<(SegmentName By, SegmentName Segment, ObjectInfo Info)> ListAsync(
        OpenRepository repository, [EnumeratorCancellation] CancellationToken ct)
    {
        var next = new Queue<SegmentName>(Covering.Order());
        SegmentName? farthest = null;
        await foreach (var (segment, info) in new SegmentStore(repository, Timeline).ListObjectsAsync(ct))
        {
            while (next.TryPeek(out var begun) && begun.First <= segment.First)
            {
                next.Dequeue();
                farthest = farthest is { } before && IsFarther(before, begun) ? before : begun;
            }

            if (next.Count == 0 && (farthest is not { } last || last.Last < segment.First))
            {
                yield break;
            }

            if (segment.Last > After && farthest is { } by && SegmentCover.Covers(by, segment))
            {
                yield return (by, segment, info);
            }
        }
    }

    /// <summary>Whether the first one covers all that the second one does, as far as both have begun.</summary>
    private static bool IsFarther(SegmentName first, SegmentName second) =>
        first.Last > second.Last || (first.Last == second.Last && SegmentCover.Covers(first, second));
}
