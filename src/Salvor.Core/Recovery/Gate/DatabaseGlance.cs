using System.Buffers.Binary;
using Salvor.Backup;
using Salvor.Formats;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;

namespace Salvor.Recovery.Gate;

/// <summary>The head of a database: its meta pages, its buckets, and the way to its newest revision.</summary>
/// <param name="Revision">The newest revision; 1 for an empty keyspace.</param>
/// <param name="AppliedIndex">The last entry of the log that went in; 0 where none did.</param>
/// <param name="HasBothMetas">Whether both meta pages are good; a crash may leave one.</param>
internal sealed record DatabaseGlance(long Revision, ulong AppliedIndex, bool HasBothMetas)
{
    /// <exception cref="CorruptDataException">It is no etcd's database, cut short, or damaged on that way.</exception>
    public static DatabaseGlance Read(IByteSource image)
    {
        var head = DatabaseHead.Read(image);
        var opened = BboltImage.Open(image);
        var buckets = opened.ReadBuckets(opened.Strict);
        return new DatabaseGlance(head.Revision, AppliedIndexIn(opened, buckets), opened.Metas.Older is not null);
    }

    /// <summary>Whether a database without a log never held anything: an etcd made it and gave up.</summary>
    public static bool IsStub(IByteSource image)
    {
        if (image.Length == 0)
        {
            return true;
        }

        var opened = BboltImage.Open(image);
        var buckets = opened.ReadBuckets(opened.Strict);
        return AppliedIndexIn(opened, buckets) == 0 && !buckets.Any(
            bucket => bucket.NameText is "key" or "lease" or "members" or "auth" && HasAny(opened, bucket));
    }

    private static ulong AppliedIndexIn(BboltImage image, IReadOnlyList<Bucket> buckets) =>
        buckets.FirstOrDefault(bucket => bucket.NameText == "meta") is { } meta
            && new TreeLookup(image, meta).TryFind(MetaKeys.ConsistentIndex, out var element)
            && element.Value.Length == sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64BigEndian(element.Value)
            : 0;

    private static bool HasAny(BboltImage image, Bucket bucket) =>
        bucket.IsInline
            ? new LeafPage(bucket.InlinePage).Count > 0
            : !image.TryReadHeader(bucket.Root, out var header) || header is not { Kind: PageKind.Leaf, Count: 0 };
}
