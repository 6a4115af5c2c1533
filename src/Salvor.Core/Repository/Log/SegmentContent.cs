using System.Buffers;

namespace Salvor.Repository.Log;

/// <summary>A segment's content in a pooled buffer, which goes back when this is disposed of.</summary>
/// <param name="buffer">Rented from the shared pool, and owned from here on.</param>
/// <param name="lengthBytes">How much of it is content.</param>
public sealed class SegmentContent(byte[] buffer, int lengthBytes) : IDisposable
{
    private byte[]? _buffer = buffer;

    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, lengthBytes);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    internal static SegmentContent Of(ContentBuffer content)
    {
        var length = content.LengthBytes;
        return new SegmentContent(content.Detach(), length);
    }

    internal static SegmentContent Of(ReadOnlySpan<byte> header, ReadOnlySpan<byte> records)
    {
        var length = header.Length + records.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        header.CopyTo(buffer);
        records.CopyTo(buffer.AsSpan(header.Length));
        return new SegmentContent(buffer, length);
    }
}
