using System.Runtime.CompilerServices;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Formats.Etcd;
using Salvor.Repository.Log;

namespace Salvor.Restore.Log;

/// <summary>The log as entries of etcd's <c>key</c> bucket, in the bucket's own order.</summary>
/// <remarks>
/// Segments are fetched some steps ahead, so that memory holds those few and no more. A segment that can't be read is
/// replaced by others that hold its revisions, where there are any; else the gap is named.
/// </remarks>
public sealed class LogEntries(SegmentStore log)
{
    /// <summary>The leases that the entries given so far refer to, with the seconds that they were granted.</summary>
    /// <remarks>0 where that was not known any more.</remarks>
    public Dictionary<long, long> Leases { get; } = [];

    /// <summary>Every entry after a revision, up to and with another one.</summary>
    /// <exception cref="LogGapException">Revisions are missing; the message names them.</exception>
    public async IAsyncEnumerable<LogEntry> ReadAsync(
        long after, long through, [EnumeratorCancellation] CancellationToken ct)
    {
        var sizes = new Dictionary<SegmentName, long>();
        await foreach (var (segment, info) in log.ListObjectsAsync(ct))
        {
            sizes[segment] = info.LengthBytes;
        }

        var index = new LogIndex(sizes.Keys);
        while (after < through)
        {
            var chain = index.ChainOf(after, through);
            RequireGapless(chain);
            SegmentName? broken = null;
            await using var ahead = new SegmentsAhead(log, chain.Segments, sizes, ct);
            while (broken is null && await ahead.NextAsync() is { } next)
            {
                if (next.Failure is not null)
                {
                    broken = next.Name;
                    break;
                }

                using var reader = next.Reader!;
                foreach (var lease in reader.Header.Leases)
                {
                    Leases[lease.Id] = Math.Max(lease.TimeToLiveSeconds, Leases.GetValueOrDefault(lease.Id));
                }

                while (reader.TryReadRevision() && reader.Revision <= through)
                {
                    for (var sub = 0L; reader.TryReadChange(out var change); sub++)
                    {
                        if (reader.Revision > after)
                        {
                            var key = new RevisionKey(
                                new Revision(reader.Revision, sub), change.Kind == ChangeKind.Delete);
                            yield return new LogEntry(key, change.Bytes);
                        }
                    }
                }

                after = Math.Max(after, Math.Min(through, next.Name.Last));
            }

            if (broken is { } name)
            {
                index = Without(index, name, after, through, ahead.Failure!);
            }
        }
    }

    /// <summary>How far the log goes without a gap after a snapshot.</summary>
    public async Task<long> EndAsync(long after, CancellationToken ct) => (await log.ListAsync(ct)).EndOf(after);

    /// <summary>The revision that was the newest at a time, by the clock of the log's writer.</summary>
    /// <param name="after">The snapshot's revision; the answer where no later change was made by then.</param>
    /// <param name="time">The time.</param>
    /// <param name="ct">Ends the search.</param>
    public async Task<long> RevisionAtAsync(long after, DateTimeOffset time, CancellationToken ct)
    {
        for (var index = await log.ListAsync(ct); ;)
        {
            SegmentName? tried = null;
            try
            {
                var segments = index.ChainOf(after, index.EndOf(after)).Segments;
                var (low, high) = (0, segments.Count);
                while (low < high)
                {
                    var middle = low + ((high - low) / 2);
                    tried = segments[middle];
                    using var reader = await log.OpenAsync(segments[middle], ct);
                    (low, high) = reader.Header.FirstTime <= time ? (middle + 1, high) : (low, middle);
                }

                if (low == 0)
                {
                    return after;
                }

                tried = segments[low - 1];
                using var last = await log.OpenAsync(segments[low - 1], ct);
                return Math.Max(after, LastAt(last, time));
            }
            catch (Exception e) when (IsUnreadable(e) && tried is { } broken && index.IsReplaced(broken, after))
            {
                index = index.Without(broken);
            }
        }
    }

    private static bool IsUnreadable(Exception e) =>
        e is CorruptDataException or SalvorException { Code: ErrorCode.NewerFormat or ErrorCode.NotFound };

    private static long LastAt(SegmentReader reader, DateTimeOffset time)
    {
        var last = reader.Header.FirstRevision;
        while (reader.TryReadRevision() && reader.Time <= time)
        {
            last = reader.Revision;
        }

        return last;
    }

    private static LogIndex Without(
        LogIndex index, SegmentName broken, long after, long through, CorruptDataException why)
    {
        var rest = index.Without(broken);
        return rest.ChainOf(after, through).Gaps is [var gap, ..] ? throw Missing(gap, why) : rest;
    }

    private static void RequireGapless(LogChain chain)
    {
        if (chain.Gaps is [var gap, ..])
        {
            throw Missing(gap, why: null);
        }
    }

    private static LogGapException Missing(RevisionGap gap, CorruptDataException? why) => new(gap, why)
    {
        Hint = FormattableString.Invariant(
            $"Restore to revision {gap.First - 1}, or from a snapshot that is newer than the gap."),
    };
}
