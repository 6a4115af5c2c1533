using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Salvor.ObjectStore;

namespace Salvor.Repository.Packs;

/// <summary>Fills one pack with pages, in ascending order: a frame for each batch.</summary>
internal sealed class PackWriter(ObjectSealer sealer, ObjectName name) : IDisposable
{
    private readonly SealedObjectWriter _object =
        sealer.Begin(ObjectKind.Pack, name, PackLayout.FullBytes + (1 << 20));

    private readonly List<PackFrame> _frames = [];
    private readonly List<PageHash> _hashes = [];

    public ObjectName Name => name;

    public int PageCount => _hashes.Count;

    /// <summary>Whether it should be finished rather than given another batch.</summary>
    public bool IsFull => _object.LengthBytes >= PackLayout.FullBytes || _hashes.Count >= PackLayout.PagesMax;

    /// <summary>The object, once it is finished.</summary>
    public ReadOnlyMemory<byte> Bytes => _object.Bytes;

    public void Add(PageBatch batch)
    {
        var offset = _object.LengthBytes;
        var bytes = _object.AppendFrame(batch.Content, isLast: false);
        _frames.Add(new PackFrame(offset, bytes, _hashes.Count, RunsOf(batch.Numbers)));
        _hashes.AddRange(batch.Hashes);
    }

    /// <summary>Writes the directory.</summary>
    public void Finish()
    {
        var directory = new ArrayBufferWriter<byte>();
        PackDirectory.Write(_frames, CollectionsMarshal.AsSpan(_hashes), directory);
        var directoryBytes = _object.AppendFrame(directory.WrittenSpan, isLast: true);
        Span<byte> trailer = stackalloc byte[PackLayout.TrailerBytes];
        new PackEnd(directoryBytes, (uint)_frames.Count).Write(trailer);
        _object.AppendRaw(trailer);
    }

    public void Dispose() => _object.Dispose();

    private static ImmutableArray<PageRun> RunsOf(ReadOnlySpan<long> numbers)
    {
        var runs = new List<PageRun>();
        foreach (var number in numbers)
        {
            if (runs.Count > 0 && runs[^1].End == number)
            {
                runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
            }
            else
            {
                runs.Add(new PageRun(number, 1));
            }
        }

        return [.. runs];
    }
}
