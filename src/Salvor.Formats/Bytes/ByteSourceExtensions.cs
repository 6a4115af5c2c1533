namespace Salvor.Formats.Bytes;

public static class ByteSourceExtensions
{
    /// <summary>Fills the whole buffer or says that the source is too short.</summary>
    /// <exception cref="CorruptDataException">The source ends before the buffer is full.</exception>
    public static void ReadExactlyAt(this IByteSource source, long offset, Span<byte> buffer)
    {
        var read = source.ReadAt(offset, buffer);
        if (read != buffer.Length)
        {
            throw new CorruptDataException(source.Name, offset + read,
                $"the file ends {buffer.Length - read} bytes too early");
        }
    }
}
