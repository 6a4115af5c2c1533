using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Repository.Snapshots;

/// <summary>All that a repository says of one snapshot.</summary>
public sealed record SnapshotDetails
{
    public required SnapshotManifest Manifest { get; init; }

    /// <summary>The last revision that the log leads to from it without a gap; its own where there is none.</summary>
    public required long LogRevision { get; init; }

    /// <summary>When that revision was seen, by the writer's clock; null where there is no log, or it can't be read.
    /// </summary>
    public DateTimeOffset? LogTime { get; init; }

    /// <summary>How many segments lead there.</summary>
    public required int LogSegments { get; init; }

    /// <summary>Their bytes in the store.</summary>
    public required long LogBytes { get; init; }

    /// <summary>Records of checks, oldest first.</summary>
    public required IReadOnlyList<SnapshotCheck> Checks { get; init; }

    /// <summary>Pages in its packs, needed or not.</summary>
    public long PackPages => Manifest.Packs.Sum(pack => (long)pack.Pages);

    /// <summary>Pages that its image takes from them.</summary>
    public long LivePages => Manifest.Packs.Sum(pack => (long)pack.LivePages);

    public static async Task<SnapshotDetails> ReadAsync(
        OpenRepository repository, SnapshotEntry entry, CancellationToken ct)
    {
        var manifest = await new SnapshotCatalog(repository).ReadAsync(entry, ct);
        var log = new SegmentStore(repository, entry.Timeline);
        var bytes = new Dictionary<SegmentName, long>();
        await foreach (var (segment, info) in log.ListObjectsAsync(ct))
        {
            bytes[segment] = info.LengthBytes;
        }

        var index = new LogIndex(bytes.Keys);
        var end = index.EndOf(entry.Revision);
        var segments = index.ChainOf(entry.Revision, end).Segments;
        return new SnapshotDetails
        {
            Manifest = manifest,
            LogRevision = end,
            LogTime = segments.Count == 0 ? null : await ReadEndTimeAsync(log, segments[^1], ct),
            LogSegments = segments.Count,
            LogBytes = segments.Sum(segment => bytes[segment]),
            Checks = await new SnapshotChecks(repository, entry.Timeline).ReadAsync(entry.Id, ct),
        };
    }

    private static async Task<DateTimeOffset?> ReadEndTimeAsync(
        SegmentStore log, SegmentName segment, CancellationToken ct)
    {
        try
        {
            var reader = await log.OpenAsync(segment, ct);
            while (reader.TryReadRevision())
            {
            }

            return reader.Time;
        }
        catch (Exception e) when (e is CorruptDataException or SalvorException { Code: ErrorCode.NewerFormat })
        {
            return null;
        }
    }
}
