using Salvor.Formats;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;

namespace Salvor.Backup;

/// <summary>How far a database's history reaches, from a handful of its pages.</summary>
/// <param name="Revision">The newest revision; 1 for an empty keyspace.</param>
/// <param name="CompactRevision">Where its history begins; 0 where nothing was compacted.</param>
internal sealed record DatabaseHead(long Revision, long CompactRevision)
{
    /// <exception cref="CorruptDataException">The way to one of these pages is damaged.</exception>
    public static DatabaseHead Read(IByteSource image)
    {
        var opened = BboltImage.Open(image);
        var buckets = opened.ReadBuckets(opened.Strict).ToDictionary(bucket => bucket.NameText);
        var compacted = 0L;
        if (buckets.TryGetValue("meta", out var meta))
        {
            compacted = Math.Max(
                RevisionOf(opened, meta, MetaKeys.FinishedCompactRevision),
                RevisionOf(opened, meta, MetaKeys.ScheduledCompactRevision));
        }

        if (!buckets.TryGetValue("key", out var keys))
        {
            throw new CorruptDataException(image.Name, 0, "it has no bucket for keys: it is no etcd's database");
        }

        var last = 1L;
        if (new TreeLookup(opened, keys).TryFindLast(out var element))
        {
            last = RevisionKey.TryRead(element.Key, out var newest)
                ? newest.Revision.Main
                : throw new CorruptDataException(image.Name, 0, "the last key of its key bucket is no revision");
        }
        else if (!IsEmpty(opened, keys))
        {
            throw new CorruptDataException(image.Name, (long)keys.Root.Value * opened.Meta.PageSizeBytes,
                "the way to the newest revision is damaged");
        }

        return new DatabaseHead(Math.Max(last, compacted), compacted);
    }

    private static bool IsEmpty(BboltImage image, Bucket bucket) =>
        bucket.IsInline
            ? new LeafPage(bucket.InlinePage).Count == 0
            : image.TryReadHeader(bucket.Root, out var header) && header is { Kind: PageKind.Leaf, Count: 0 };

    private static long RevisionOf(BboltImage image, Bucket meta, ReadOnlySpan<byte> key) =>
        new TreeLookup(image, meta).TryFind(key, out var element)
            && RevisionKey.TryRead(element.Value, out var revision)
            ? revision.Revision.Main
            : 0;
}
