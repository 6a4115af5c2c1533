using Salvor.Formats;
using Salvor.Formats.Etcd;

namespace Salvor.Restore.FromRepository;

/// <summary>A snapshot's content as it was at an earlier revision, which its history still reaches back to.</summary>
/// <remarks>
/// Nothing that is newer than the last compaction was ever taken away, so leaving out what came later is enough.
/// Leases that were granted later stay, without keys, and expire.
/// </remarks>
internal sealed class CutContent(IBackendContent content, long through) : IBackendContent
{
    public int PageSizeBytes => content.PageSizeBytes;

    public IReadOnlyCollection<byte[]> BucketNames => content.BucketNames;

    public void Visit(ReadOnlySpan<byte> bucket, EntryVisitor visit)
    {
        if (!bucket.SequenceEqual(Formats.Etcd.BucketNames.Key))
        {
            content.Visit(bucket, visit);
            return;
        }

        content.Visit(bucket, (key, value) =>
        {
            if (!RevisionKey.TryRead(key, out var entry))
            {
                throw new CorruptDataException("the key bucket", 0, $"{Convert.ToHexStringLower(key)} is no revision");
            }

            if (entry.Revision.Main <= through)
            {
                visit(key, value);
            }
        });
    }
}
