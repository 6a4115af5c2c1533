namespace Salvor.Formats.Bytes;

/// <summary>The first bytes of another source, as if it ended there.</summary>
public sealed class ByteSourceSlice(IByteSource source, long lengthBytes) : IByteSource
{
    public string Name => source.Name;

    public long Length => Math.Min(lengthBytes, source.Length);

    public int ReadAt(long offset, Span<byte> buffer)
    {
        var left = Math.Max(0, Length - offset);
        return source.ReadAt(offset, buffer.Length > left ? buffer[..(int)left] : buffer);
    }
}
