using System.Buffers;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;
using Salvor.Progress;
using Salvor.Restore.Log;

namespace Salvor.Restore.FromRepository;

/// <summary>A snapshot's content with the log after it, up to a revision.</summary>
/// <remarks>
/// Every entry of the log has a higher revision than any of the snapshot, so the log simply follows. The leases that it
/// refers to come after the keys, as the buckets' names are ordered: what the log says of them is known by then.
/// Reading blocks while the store answers, so this belongs on a thread of its own.
/// </remarks>
internal sealed class LoggedContent(
    IBackendContent image,
    LogEntries log,
    long after,
    long through,
    IProgress<WorkProgress>? progress,
    CancellationToken ct) : IBackendContent
{
    private const long ReportEvery = 10_000;

    /// <summary>
    /// For a lease that was gone when the log's writer asked for it: long enough for its owner to come back, and not
    /// for ever.
    /// </summary>
    private const long UnknownTtlSeconds = 3600;

    private static readonly byte[] LeaseBucket = Formats.Etcd.BucketNames.Lease.ToArray();

    public int PageSizeBytes => image.PageSizeBytes;

    public IReadOnlyCollection<byte[]> BucketNames =>
        image.BucketNames.Contains(LeaseBucket, ByteKeyComparer.Instance)
            ? image.BucketNames
            : [.. image.BucketNames, LeaseBucket];

    public void Visit(ReadOnlySpan<byte> bucket, EntryVisitor visit)
    {
        if (bucket.SequenceEqual(LeaseBucket))
        {
            VisitLeases(visit);
            return;
        }

        image.Visit(bucket, visit);
        if (bucket.SequenceEqual(Formats.Etcd.BucketNames.Key))
        {
            VisitLog(visit);
        }
    }

    private void VisitLog(EntryVisitor visit)
    {
        Span<byte> key = stackalloc byte[RevisionKey.TombstoneBytes];
        var entries = log.ReadAsync(after, through, ct).GetAsyncEnumerator(ct);
        try
        {
            for (var count = 1L; Wait(entries.MoveNextAsync()); count++)
            {
                var entry = entries.Current;
                entry.Key.Write(key);
                visit(key[..entry.Key.SizeBytes], entry.Value.Span);
                if (count % ReportEvery == 0)
                {
                    progress?.Report(new WorkProgress(
                        "applying the log", entry.Key.Revision.Main - after, through - after));
                }
            }
        }
        finally
        {
            entries.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void VisitLeases(EntryVisitor visit)
    {
        var leases = new SortedDictionary<byte[], byte[]>(ByteOrder.Instance);
        image.Visit(LeaseBucket, (key, value) => leases[key.ToArray()] = value.ToArray());
        foreach (var (id, ttlSeconds) in log.Leases)
        {
            var lease = new LeaseRecord(id, ttlSeconds > 0 ? ttlSeconds : UnknownTtlSeconds, RemainingTtlSeconds: 0);
            var key = new byte[LeaseRecord.KeyBytes];
            lease.WriteKey(key);
            var value = new ArrayBufferWriter<byte>();
            lease.WriteValue(value);
            leases.TryAdd(key, value.WrittenSpan.ToArray());
        }

        foreach (var (key, value) in leases)
        {
            visit(key, value);
        }
    }

    private static bool Wait(ValueTask<bool> moved) =>
        moved.IsCompleted ? moved.Result : moved.AsTask().GetAwaiter().GetResult();
}
