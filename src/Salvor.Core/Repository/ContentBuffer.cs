using System.Buffers;

namespace Salvor.Repository;

/// <summary>Collects a content whose length is not known, in pooled memory.</summary>
internal sealed class ContentBuffer : IDisposable
{
    private byte[] _buffer = [];

    public int LengthBytes { get; private set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, LengthBytes);

    /// <summary>Has room for so much from the start, so that a content of that length is never moved.</summary>
    public void Reserve(int lengthBytes)
    {
        if (_buffer.Length == 0 && lengthBytes > 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(lengthBytes);
        }
    }

    /// <summary>Makes the content longer, and gives the new part to be filled.</summary>
    public Span<byte> Extend(int count)
    {
        var start = LengthBytes;
        if (count > _buffer.Length - start)
        {
            var twice = (int)Math.Min(2L * start, Array.MaxLength);
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(start + count, twice));
            Bytes.CopyTo(larger);
            GiveBack();
            _buffer = larger;
        }

        LengthBytes += count;
        return _buffer.AsSpan(start, count);
    }

    /// <summary>Hands the pooled buffer on; what it had is the caller's to give back.</summary>
    public byte[] Detach()
    {
        var buffer = _buffer;
        (_buffer, LengthBytes) = ([], 0);
        return buffer;
    }

    public void Dispose()
    {
        GiveBack();
        (_buffer, LengthBytes) = ([], 0);
    }

    private void GiveBack()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
