using System.Buffers;

namespace Salvor.ObjectStore;

/// <summary>Bytes of an object, in a pooled buffer that goes back when this is disposed of.</summary>
/// <param name="buffer">Rented from the shared pool, and owned from here on.</param>
/// <param name="lengthBytes">How much of the buffer is content.</param>
/// <param name="objectLengthBytes">The length of the whole object.</param>
/// <param name="tag">The object's tag, where the store can tell it.</param>
public sealed class ObjectContent(byte[] buffer, int lengthBytes, long objectLengthBytes, ObjectTag? tag) : IDisposable
{
    private byte[]? _buffer = buffer;

    /// <summary>The content, until this is disposed of.</summary>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, lengthBytes);
        }
    }

    /// <summary>The length of the whole object, also where a part of it was read.</summary>
    public long ObjectLengthBytes { get; } = objectLengthBytes;

    /// <summary>
    /// Always there when a whole object of at most <see cref="StoreLimits.TaggedBytesMax"/> was read.
    /// </summary>
    public ObjectTag? Tag { get; } = tag;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
