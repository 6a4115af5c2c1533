using Salvor.Platform;

namespace Salvor.Tests.DataDirectory;

/// <summary>A file of a <see cref="FaultyFileSystem"/>: a write that the power cut tears is half done.</summary>
internal sealed class FaultyFile(FaultyFileSystem disk, IFile inner) : IFile
{
    public string Name => inner.Name;

    public long Length => inner.Length;

    public int ReadAt(long offset, Span<byte> buffer) => inner.ReadAt(offset, buffer);

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        var copy = data.ToArray();
        disk.Change("write", Name, () => inner.WriteAt(offset, copy),
            half: () => inner.WriteAt(offset, copy.AsSpan(0, copy.Length / 2)));
    }

    public void StartWriteback(long offset, long lengthBytes)
    {
        // Advice that promises nothing.
    }

    public void Preallocate(long lengthBytes) => disk.Change("write", Name, () => inner.SetLength(lengthBytes));

    public void SetLength(long lengthBytes) => disk.Change("write", Name, () => inner.SetLength(lengthBytes));

    public void FlushToDisk() => disk.Change("flush", Name, static () => { });

    public void Dispose() => inner.Dispose();
}
