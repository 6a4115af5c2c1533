using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;

namespace Salvor.Restore.Export;

/// <summary>
/// Writes a content as a database with all buckets as they are: it stays the database of its old member.
/// </summary>
internal static class PlainBackend
{
    /// <returns>The database's bytes.</returns>
    public static long Write(IBackendContent content, IPageSink sink)
    {
        var writer = new BulkWriter(sink, content.PageSizeBytes, RestoreOptions.LeafPagesDefault);
        foreach (var name in new SortedSet<byte[]>(content.BucketNames, ByteOrder.Instance))
        {
            writer.BeginBucket(name);
            content.Visit(name, writer.Add);
            writer.EndBucket();
        }

        _ = writer.Finish();
        return writer.SizeBytes;
    }
}
