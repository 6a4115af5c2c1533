using Salvor.Formats;
using Salvor.ObjectStore;
using ZstdSharp;

namespace Salvor.Repository.Packs;

/// <summary>Reads a pack: its directory from its tail, its pages from its frames.</summary>
internal sealed class PackReader : IDisposable
{
    private readonly ObjectSealer _sealer;
    private readonly Decompressor _decompressor;
    private readonly FrameOpener _frames;
    private bool _isDisposed;

    private PackReader(ObjectSealer sealer, Decompressor decompressor, FrameOpener frames, PackDirectory directory)
    {
        _sealer = sealer;
        _decompressor = decompressor;
        _frames = frames;
        Directory = directory;
    }

    public PackDirectory Directory { get; }

    /// <summary>Opens a pack whose header and directory are given.</summary>
    /// <param name="sealer">The repository's keys.</param>
    /// <param name="name">Under which name it was found.</param>
    /// <param name="header">The object's first 40 bytes at least.</param>
    /// <param name="end">What the pack's last bytes say.</param>
    /// <param name="directory">The directory's frame.</param>
    /// <param name="objectBytes">The whole object's length.</param>
    public static PackReader Open(
        ObjectSealer sealer,
        ObjectName name,
        ReadOnlySpan<byte> header,
        PackEnd end,
        ReadOnlySpan<byte> directory,
        long objectBytes)
    {
        var decompressor = sealer.TakeDecompressor();
        var frames = sealer.OpenFrames(ObjectKind.Pack, name, header, decompressor);
        try
        {
            return new PackReader(
                sealer, decompressor, frames, ReadDirectory(frames, name, end, directory, objectBytes));
        }
        catch
        {
            frames.Dispose();
            sealer.GiveBack(decompressor);
            throw;
        }
    }

    /// <summary>Opens a pack of which all is in memory.</summary>
    public static PackReader Open(ObjectSealer sealer, ObjectName name, ReadOnlySpan<byte> whole)
    {
        var end = PackEnd.Read(name, whole, whole.Length);
        var directory = whole[^(end.DirectoryBytes + PackLayout.TrailerBytes)..^PackLayout.TrailerBytes];
        return Open(sealer, name, whole, end, directory, whole.Length);
    }

    /// <summary>Opens the n-th frame.</summary>
    /// <param name="index">Which frame.</param>
    /// <param name="frame">Its bytes in the object.</param>
    /// <param name="pages">Receives its pages: exactly as long as they are.</param>
    public void ReadFrame(int index, ReadOnlySpan<byte> frame, Span<byte> pages) =>
        _frames.Open((uint)index, frame, Directory.Frames[index].Offset, pages);

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _frames.Dispose();
            _sealer.GiveBack(_decompressor);
        }
    }

    private static PackDirectory ReadDirectory(
        FrameOpener frames, ObjectName name, PackEnd end, ReadOnlySpan<byte> directory, long objectBytes)
    {
        var offset = objectBytes - PackLayout.TrailerBytes - directory.Length;
        var header = frames.ReadHeader(directory, offset);
        if (!header.IsLast || header.FrameBytes != directory.Length)
        {
            throw new CorruptDataException(name.Value, offset, "the pack's directory is not where its end says");
        }

        // Its number, which its nonce needs, is that of the page frames before it. A wrong one does not open.
        var content = new byte[header.ContentBytes];
        frames.Open(end.FrameCount, directory, offset, content);
        var read = PackDirectory.Read(name.Value, content, offset);
        return read.Frames.Length == end.FrameCount
            ? read
            : throw new CorruptDataException(name.Value, offset,
                $"the directory lists {read.Frames.Length} frames, and the pack's end says {end.FrameCount}");
    }
}
