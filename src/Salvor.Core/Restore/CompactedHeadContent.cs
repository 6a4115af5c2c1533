using Salvor.Formats;
using Salvor.Formats.Etcd;

namespace Salvor.Restore;

/// <summary>
/// Leaves out what a compaction at the head, or above it, would: superseded entries, and deletions before it.
/// </summary>
/// <remarks>
/// At the head the newest state of each key, which a check of the keyspace has gathered anyway, tells what stays: no
/// second index is built. Below the head it takes a <see cref="CompactionFilter"/>.
/// </remarks>
internal sealed class CompactedHeadContent(IBackendContent content, KeyIndex newest, long compactRevision)
    : IBackendContent
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
            if (Stays(key, value))
            {
                visit(key, value);
            }
        });
    }

    private bool Stays(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!RevisionKey.TryRead(key, out var entry) || !KeyValue.TryRead(value, out var keyValue))
        {
            throw new CorruptDataException("the key bucket", 0,
                $"{Convert.ToHexStringLower(key)} is no entry of etcd's");
        }

        if (entry.Revision.Main > compactRevision)
        {
            return true;
        }

        return newest.TryGet(keyValue.Key, out var state) && state.Last == entry.Revision
            && (state.IsLive || entry.Revision.Main == compactRevision);
    }
}
