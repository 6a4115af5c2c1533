using System.Buffers;
using System.Runtime.InteropServices;
using Salvor.ObjectStore;

namespace Salvor.Repository.Packs;

/// <summary>Fills one pack with pages, in ascending order.</summary>
internal sealed class PackWriter : IDisposable
{
    private readonly SealedObjectWriter _object;
    private readonly byte[] _frame = ArrayPool<byte>.Shared.Rent(PackLayout.FramePagesMax * PackLayout.PageBytes);
    private readonly List<PageRun> _runs = [];
    private readonly List<PackFrame> _frames = [];
    private readonly List<PageHash> _hashes = [];
    private int _framePages;

    public PackWriter(ObjectSealer sealer, ObjectName name)
    {
        Name = name;
        _object = sealer.Begin(ObjectKind.Pack, name, PackLayout.FullBytes + (1 << 20));
    }

    public ObjectName Name { get; }

    public int PageCount => _hashes.Count;

    /// <summary>Whether it should be finished rather than given another page.</summary>
    public bool IsFull => _object.LengthBytes >= PackLayout.FullBytes || _hashes.Count >= PackLayout.PagesMax;

    /// <summary>The object, once it is finished.</summary>
    public ReadOnlyMemory<byte> Bytes => _object.Bytes;

    /// <param name="page">The page's number; above that of the page before.</param>
    /// <param name="content">Its 4 KiB.</param>
    /// <param name="hash">Its hash.</param>
    public void Add(long page, ReadOnlySpan<byte> content, PageHash hash)
    {
        content.CopyTo(_frame.AsSpan(_framePages * PackLayout.PageBytes, PackLayout.PageBytes));
        if (_runs.Count > 0 && _runs[^1].End == page)
        {
            _runs[^1] = _runs[^1] with { Count = _runs[^1].Count + 1 };
        }
        else
        {
            _runs.Add(new PageRun(page, 1));
        }

        _framePages++;
        _hashes.Add(hash);
        if (_framePages == PackLayout.FramePagesMax)
        {
            EndFrame();
        }
    }

    /// <summary>Writes the rest and the directory.</summary>
    public void Finish()
    {
        EndFrame();
        var directory = new ArrayBufferWriter<byte>();
        PackDirectory.Write(_frames, CollectionsMarshal.AsSpan(_hashes), directory);
        var directoryBytes = _object.AppendFrame(directory.WrittenSpan, isLast: true);
        Span<byte> trailer = stackalloc byte[PackLayout.TrailerBytes];
        new PackEnd(directoryBytes, (uint)_frames.Count).Write(trailer);
        _object.AppendRaw(trailer);
    }

    public void Dispose()
    {
        _object.Dispose();
        ArrayPool<byte>.Shared.Return(_frame);
    }

    private void EndFrame()
    {
        if (_framePages == 0)
        {
            return;
        }

        var offset = _object.LengthBytes;
        var bytes = _object.AppendFrame(_frame.AsSpan(0, _framePages * PackLayout.PageBytes), isLast: false);
        _frames.Add(new PackFrame(offset, bytes, _hashes.Count - _framePages, [.. _runs]));
        _runs.Clear();
        _framePages = 0;
    }
}
