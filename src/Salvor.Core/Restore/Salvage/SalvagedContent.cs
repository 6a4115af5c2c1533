using System.Buffers;
using Salvor.Formats.Etcd;

namespace Salvor.Restore.Salvage;

/// <summary>
/// What a salvaged backend shall hold: the base, then what the log added, less what a compaction in the log removed.
/// </summary>
internal sealed class SalvagedContent : IBackendContent
{
    private const int PageSizeBytesDefault = 4096;

    private readonly SalvageCandidate _candidate;
    private readonly CompactionFilter _filter;
    private readonly CancellationToken _ct;

    /// <param name="candidate">The base and the log.</param>
    /// <param name="compactAt">
    /// A revision to compact at in any case, at or above the head; null to keep all history.
    /// </param>
    /// <param name="ct">Ends the work between two entries.</param>
    public SalvagedContent(SalvageCandidate candidate, long? compactAt, CancellationToken ct)
    {
        _ct = ct;
        _candidate = candidate;
        var before = candidate.Base?.Meta.CompactRevision ?? 0;
        var isCompacted = compactAt is not null || candidate.CompactRevision > before
            || candidate.Base is { Meta.IsCompacting: true };
        CompactRevision = isCompacted ? compactAt ?? candidate.CompactRevision : null;
        _filter = new CompactionFilter(CompactRevision ?? 0);
        if (isCompacted)
        {
            VisitAll((key, value) =>
            {
                if (RevisionKey.TryRead(key, out var entry) && KeyValue.TryRead(value, out var content))
                {
                    _filter.Observe(entry, content.Key);
                }
            });
        }
    }

    /// <summary>The compaction revision to state; null where the base's own still holds.</summary>
    public long? CompactRevision { get; }

    public int PageSizeBytes => _candidate.Base?.PageSizeBytes ?? PageSizeBytesDefault;

    public IReadOnlyCollection<byte[]> BucketNames => _candidate.Base?.BucketNames ?? [];

    public void Visit(ReadOnlySpan<byte> bucket, EntryVisitor visit)
    {
        if (bucket.SequenceEqual(Formats.Etcd.BucketNames.Key))
        {
            VisitAll((key, value) =>
            {
                _ct.ThrowIfCancellationRequested();
                if (RevisionKey.TryRead(key, out var entry) && _filter.Keeps(entry))
                {
                    visit(key, value);
                }
            });
        }
        else if (bucket.SequenceEqual(Formats.Etcd.BucketNames.Lease))
        {
            VisitLeases(visit);
        }
        else
        {
            _candidate.Base?.Visit(bucket, visit);
        }
    }

    private void VisitAll(EntryVisitor visit)
    {
        _candidate.Base?.Visit(Formats.Etcd.BucketNames.Key, visit);
        _candidate.Spill?.Visit(visit);
    }

    private void VisitLeases(EntryVisitor visit)
    {
        var key = new byte[LeaseRecord.KeyBytes];
        var value = new ArrayBufferWriter<byte>();
        foreach (var lease in _candidate.Leases)
        {
            value.ResetWrittenCount();
            lease.WriteKey(key);
            lease.WriteValue(value);
            visit(key, value.WrittenSpan);
        }
    }
}
