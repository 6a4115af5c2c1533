using Salvor.Formats;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;
using Salvor.Formats.Findings;

namespace Salvor.Restore;

/// <summary>Checks a keyspace entry by entry, and ends at the first thing that is wrong.</summary>
internal sealed class StrictCheck : IFindingSink
{
    /// <summary>Checks all entries of an image that has no hash to vouch for it.</summary>
    public static void Run(IByteSource image, CancellationToken ct) =>
        ScanKeyspace(new ImageContent(image, progress: null, ct), image.Name, ct);

    /// <summary>Reads the keyspace for its head and its newest entries.</summary>
    /// <exception cref="CorruptDataException">An entry does not follow from the ones before it.</exception>
    public static KeyspaceScan ScanKeyspace(IBackendContent content, string source, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var meta = new BackendMeta();
        content.Visit(BucketNames.Meta, (key, value) => meta = meta.TryAdd(key, value, out var added) ? added : meta);
        var scan = new KeyspaceScan(source, meta, new StrictCheck());
        content.Visit(BucketNames.Key, (key, value) => scan.Add(key, value, offset: 0));
        return scan;
    }

    public void Report(Finding finding)
    {
        if (finding.Severity == Severity.Error)
        {
            throw new CorruptDataException(finding.Source, finding.Offset ?? 0, finding.Message);
        }
    }
}
