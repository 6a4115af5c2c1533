namespace Salvor.Repository.Log;

/// <summary>What a timeline's log holds, as its listing tells.</summary>
/// <param name="Index">The segments.</param>
/// <param name="StoredBytes">Their size in the store.</param>
/// <param name="NewestStored">When the last revision was stored, by the store's clock; null where there is none.</param>
public sealed record LogSummary(LogIndex Index, long StoredBytes, DateTimeOffset? NewestStored)
{
    public static async Task<LogSummary> ReadAsync(SegmentStore log, CancellationToken ct)
    {
        var segments = new List<SegmentName>();
        var (bytes, last) = (0L, 0L);
        DateTimeOffset? newest = null;
        await foreach (var (segment, info) in log.ListObjectsAsync(ct))
        {
            segments.Add(segment);
            bytes += info.LengthBytes;
            // Of those that hold the last revision, the first: one that was merged since is no news of the source.
            if (segment.Last > last || (segment.Last == last && info.Modified < newest))
            {
                (last, newest) = (segment.Last, info.Modified);
            }
        }

        return new LogSummary(new LogIndex(segments), bytes, newest);
    }
}
