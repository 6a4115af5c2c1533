using Salvor.Formats.Bytes;

namespace Salvor.Tests.Support;

/// <summary>Counts what is read of another source.</summary>
internal sealed class CountingSource(IByteSource inner) : IByteSource
{
    public long ReadBytes { get; private set; }

    public string Name => inner.Name;

    public long Length => inner.Length;

    public int ReadAt(long offset, Span<byte> buffer)
    {
        var count = inner.ReadAt(offset, buffer);
        ReadBytes += count;
        return count;
    }
}
