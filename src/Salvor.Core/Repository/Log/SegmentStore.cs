using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;

namespace Salvor.Repository.Log;

/// <summary>The segments of one timeline in a repository.</summary>
public sealed class SegmentStore(OpenRepository repository, TimelineId timeline)
{
    /// <summary>Sealing adds a header, and some bytes per frame of at most a mebibyte.</summary>
    internal const int SealedBytesMax = SegmentLimits.ContentBytesMax + (1 << 20);

    public TimelineId Timeline => timeline;

    /// <summary>The store, for people.</summary>
    public string Location => repository.Store.Location;

    /// <summary>The object's whole name.</summary>
    public ObjectName NameOf(SegmentName segment) => new(RepositoryNames.Log(timeline) + segment);

    /// <summary>All segments that the store lists. A list may lag behind.</summary>
    public async Task<LogIndex> ListAsync(CancellationToken ct)
    {
        var found = new List<SegmentName>();
        await foreach (var (segment, _) in ListObjectsAsync(ct))
        {
            found.Add(segment);
        }

        return new LogIndex(found);
    }

    /// <summary>All segments with what the store says of their objects. What else lies there is passed over.</summary>
    public async IAsyncEnumerable<(SegmentName Segment, ObjectInfo Info)> ListObjectsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var folder = RepositoryNames.Log(timeline);
        await foreach (var info in repository.Store.ListAsync(folder, startAfter: null, ct))
        {
            if (SegmentName.TryParse(info.Name.Value.AsSpan(folder.Length), out var segment))
            {
                yield return (segment, info);
            }
        }
    }

    /// <summary>Compresses and seals a content. The result is what every try to store it must send.</summary>
    public byte[] Seal(SegmentName segment, ReadOnlySpan<byte> content) =>
        repository.Sealer.Seal(ObjectKind.Segment, NameOf(segment), content);

    /// <summary>Stores a sealed segment. May be repeated with the same bytes.</summary>
    public Task PutAsync(SegmentName segment, ReadOnlyMemory<byte> sealedSegment, CancellationToken ct) =>
        repository.Store.PutAsync(
            NameOf(segment), new ReadOnlySequence<byte>(sealedSegment), PutCondition.None, ct);

    /// <summary>Fetches and opens a segment. The reader is to be disposed of, and its changes with it.</summary>
    /// <exception cref="SalvorException">It is not there, or the store failed.</exception>
    /// <exception cref="Formats.CorruptDataException">It is damaged.</exception>
    public async Task<SegmentReader> OpenAsync(SegmentName segment, CancellationToken ct)
    {
        var name = NameOf(segment);
        using var found = await repository.Store.GetAsync(name, range: null, SealedBytesMax, ct)
            ?? throw new SalvorException(ErrorCode.NotFound, $"{Location} listed {name}, and does not have it.")
            {
                Hint = "Something deletes from the repository beside salvor prune; see docs/operations.",
            };
        return Open(segment, found.Bytes);
    }

    /// <summary>Opens the bytes of a segment, wherever they come from.</summary>
    /// <exception cref="Formats.CorruptDataException">They are damaged, or another timeline's.</exception>
    public SegmentReader Open(SegmentName segment, ReadOnlyMemory<byte> sealedSegment)
    {
        // Pooled: a restore reads thousands of them, each larger than what the collector takes back soon.
        var name = NameOf(segment);
        using var frames = repository.Sealer.Read(ObjectKind.Segment, name, sealedSegment);
        using var buffer = new ContentBuffer();
        frames.ReadAll(buffer, SegmentLimits.ContentBytesMax);
        var content = SegmentContent.Of(buffer);
        try
        {
            return new SegmentReader(name.Value, segment, content.Bytes, content);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}
