using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>Finds where the log of a timeline ends.</summary>
/// <remarks>
/// A snapshot may be newer than what the log had when its writer was killed. Then the log goes on from its own end, as
/// long as etcd still has what follows, so that the revisions in between can be restored too.
/// </remarks>
internal static class LogEnd
{
    /// <summary>How many revisions may be made up for, while the newest changes wait: some seconds' work.</summary>
    private const long CatchUpMax = 50_000;

    /// <param name="log">The timeline's segments.</param>
    /// <param name="snapshotRevision">The newest snapshot's revision; null where there is none.</param>
    /// <param name="snapshotOrigin">Who made that snapshot.</param>
    /// <param name="report">Told of segments that can't be read.</param>
    /// <param name="ct">Ends the search.</param>
    /// <returns>Null where there is no snapshot: a log without one restores nothing.</returns>
    public static async Task<LogPosition?> FindAsync(
        SegmentStore log,
        long? snapshotRevision,
        SegmentOrigin? snapshotOrigin,
        Action<StreamEvent> report,
        CancellationToken ct)
    {
        if (snapshotRevision is not { } after)
        {
            return null;
        }

        for (var index = await log.ListAsync(ct); ;)
        {
            var end = index.EndOf(after);
            if (end == after)
            {
                end = index.Segments.Where(s => s.Last <= after).Select(s => s.Last).DefaultIfEmpty().Max();
            }

            if (end == after || end == 0 || after - end > CatchUpMax)
            {
                return new LogPosition(after, snapshotOrigin) { SnapshotRevision = after };
            }

            var last = index.Segments.First(s => s.Last == end);
            try
            {
                using var reader = await log.OpenAsync(last, ct);
                return new LogPosition(end, reader.Header.Origin)
                {
                    Proof = ReadProof(reader),
                    SnapshotRevision = after,
                };
            }
            catch (CorruptDataException e)
            {
                // What can't be read is not safe: the log ends before it, and etcd may still have what it held.
                report(new StreamEvent.Warning(
                    $"A segment can't be read, and is written anew if etcd still has it: {e.Message}"));
                index = index.Without(last);
            }
        }
    }

    private static RevisionProof ReadProof(SegmentReader reader)
    {
        var proof = new RevisionProof();
        while (reader.TryReadRevision())
        {
            if (reader.Revision < reader.Header.LastRevision)
            {
                continue;
            }

            proof.Begin(reader.Revision);
            while (reader.TryReadChange(out var change))
            {
                proof.Add(change.Kind, change.Bytes.Span);
            }
        }

        return proof;
    }
}
