using System.Buffers;
using ZstdSharp;

namespace Salvor.Repository;

/// <summary>Builds one sealed object in a pooled buffer, frame by frame.</summary>
internal sealed class SealedObjectWriter : IDisposable
{
    private readonly FrameSealer _frames;
    private readonly Compressor _compressor;
    private readonly Action<Compressor> _giveBack;
    private byte[] _buffer;
    private int _lengthBytes;
    private bool _isDisposed;

    /// <param name="header">The object's first bytes, with the salt of <paramref name="frames"/>.</param>
    /// <param name="frames">Seals the frames; owned from here on.</param>
    /// <param name="compressor">Given back at the end.</param>
    /// <param name="giveBack">Takes the compressor.</param>
    /// <param name="capacityBytes">How large the object is expected to be.</param>
    public SealedObjectWriter(
        ReadOnlySpan<byte> header,
        FrameSealer frames,
        Compressor compressor,
        Action<Compressor> giveBack,
        int capacityBytes)
    {
        _frames = frames;
        _compressor = compressor;
        _giveBack = giveBack;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacityBytes, header.Length));
        AppendRaw(header);
    }

    /// <summary>What there is so far.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _lengthBytes);

    public int LengthBytes => _lengthBytes;

    /// <summary>Adds a frame.</summary>
    /// <returns>The bytes that it takes in the object.</returns>
    public int AppendFrame(ReadOnlySpan<byte> content, bool isLast)
    {
        EnsureRoom(FrameSealer.MaxFrameBytes(content.Length));
        var frameBytes = _frames.Seal(content, isLast, _buffer.AsSpan(_lengthBytes));
        _lengthBytes += frameBytes;
        return frameBytes;
    }

    /// <summary>Adds bytes outside of any frame.</summary>
    public void AppendRaw(ReadOnlySpan<byte> bytes)
    {
        EnsureRoom(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_lengthBytes));
        _lengthBytes += bytes.Length;
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _frames.Dispose();
        _giveBack(_compressor);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _lengthBytes = 0;
    }

    private void EnsureRoom(int bytes)
    {
        if (_buffer.Length - _lengthBytes >= bytes)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_buffer.Length * 2, _lengthBytes + bytes)));
        Bytes.Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
