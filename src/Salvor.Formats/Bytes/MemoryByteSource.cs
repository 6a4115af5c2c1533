namespace Salvor.Formats.Bytes;

/// <summary>Bytes held in memory, for small files and tests.</summary>
public sealed class MemoryByteSource(string name, ReadOnlyMemory<byte> bytes) : IByteSource
{
    public string Name => name;

    public long Length => bytes.Length;

    public int ReadAt(long offset, Span<byte> buffer)
    {
        if (offset >= bytes.Length)
        {
            return 0;
        }

        var available = bytes.Span[(int)offset..];
        var count = Math.Min(available.Length, buffer.Length);
        available[..count].CopyTo(buffer);
        return count;
    }
}
