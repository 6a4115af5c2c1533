using Salvor.Formats;
using Salvor.Formats.Etcd;

namespace Salvor.Restore;

/// <summary>Leaves out what a compaction at a revision would: superseded entries, and deletions before it.</summary>
/// <remarks>
/// Of each key's entries up to the revision the newest one stays, unless it is a tombstone from before it. The newest
/// entries are found in a first pass over another view of the same content, which takes memory in the number of keys.
/// </remarks>
internal sealed class CompactedContent(IBackendContent content, KeyIndex newest, long compactRevision) : IBackendContent
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
