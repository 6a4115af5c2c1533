using System.Diagnostics;

namespace Salvor.Compare.Streaming;

/// <summary>How long writes are in etcd alone: a machine that is lost in that time takes them along.</summary>
public static class LossWindow
{
    /// <summary>
    /// From etcd's acknowledgement of each put to the line of the stream that covers its revision; none where the line
    /// came first.
    /// </summary>
    /// <param name="puts">In any order.</param>
    /// <param name="stored">In the order of revisions, covering every put.</param>
    public static IEnumerable<TimeSpan> Measure(IEnumerable<PutRecord> puts, IReadOnlyList<StoredMark> stored)
    {
        var mark = 0;
        foreach (var put in puts.OrderBy(put => put.Revision))
        {
            while (stored[mark].Revision < put.Revision)
            {
                mark++;
            }

            var window = Stopwatch.GetElapsedTime(put.Acknowledged, stored[mark].Timestamp);
            yield return window > TimeSpan.Zero ? window : TimeSpan.Zero;
        }
    }
}
