using System.Buffers.Binary;
using Salvor.Formats.Bytes;

namespace Salvor.Formats.RaftWal;

/// <summary>Finds frames in a segment through one window of memory.</summary>
/// <remarks>
/// <code>
/// length field   8 bytes, little-endian: low 56 bits = payload length;
///                top byte = 0x80 | padding when there is padding, else 0
/// payload        walpb.Record
/// padding        0..7 zeros: payload + padding is a multiple of 8
/// </code>
/// A zero length field ends the segment's data: what follows is preallocated. A frame is valid until the next read.
/// </remarks>
public sealed class WalFrameReader(IByteSource source)
{
    private const int WindowBytes = 256 << 10;

    /// <summary>
    /// Far above what etcd accepts (10 MB by default); it bounds what a junk length in a huge file can ask for.
    /// </summary>
    private const int PayloadBytesMax = 128 << 20;

    private byte[] _window = [];
    private long _windowOffset;
    private int _windowLength;

    /// <summary>Reads the frame at an offset; the sum is the caller's business.</summary>
    public WalFault TryReadAt(long offset, out WalFrame frame)
    {
        frame = default;
        if (offset >= source.Length || source.Length - offset < WalFrame.HeaderBytes)
        {
            return offset >= source.Length || !HasData(offset) ? WalFault.EndOfData : WalFault.FrameBeyondEnd;
        }

        var word = BinaryPrimitives.ReadUInt64LittleEndian(Bytes(offset, WalFrame.HeaderBytes));
        if (word == 0)
        {
            return WalFault.EndOfData;
        }

        var payloadBytes = word & 0x00FF_FFFF_FFFF_FFFF;
        var paddingBytes = (word >> 63) != 0 ? (int)(word >> 56) & 7 : 0;
        var bytesLeft = source.Length - offset - WalFrame.HeaderBytes - paddingBytes;
        if (bytesLeft < 0 || payloadBytes > (ulong)bytesLeft)
        {
            return WalFault.FrameBeyondEnd;
        }

        if (payloadBytes > PayloadBytesMax)
        {
            return WalFault.Malformed;
        }

        // Frames begin at multiples of 8: a length that breaks that is damaged, however well the payload reads. The
        // frame is shown all the same, so that a caller can see whether its body was ever written.
        frame = new WalFrame(offset, Bytes(offset + WalFrame.HeaderBytes, (int)payloadBytes), paddingBytes);
        return (offset + (long)payloadBytes + paddingBytes) % 8 == 0 ? WalFault.None : WalFault.Malformed;
    }

    /// <summary>The payload of a record that a scan accepted, also where its length field is damaged.</summary>
    internal bool TryReadPayloadAt(long offset, out ReadOnlySpan<byte> payload)
    {
        if (TryReadAt(offset, out var frame) == WalFault.None && WalRecord.TryParse(frame.Payload, out _))
        {
            payload = frame.Payload;
            return true;
        }

        var head = Bytes(offset + WalFrame.HeaderBytes, WalRepair.HeadBytes);
        payload = default;
        return WalRepair.TryParseHead(head, out _, out _, out var payloadBytes)
            && TryReadBodyAt(offset, payloadBytes, out payload);
    }

    /// <summary>The payload of the frame at an offset, if it had the given length.</summary>
    internal bool TryReadBodyAt(long offset, int payloadBytes, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (payloadBytes > PayloadBytesMax || payloadBytes > source.Length - offset - WalFrame.HeaderBytes)
        {
            return false;
        }

        payload = Bytes(offset + WalFrame.HeaderBytes, payloadBytes);
        return true;
    }

    /// <summary>The bytes of the file from an offset on, as many as are there and asked for.</summary>
    internal ReadOnlySpan<byte> Bytes(long offset, int count)
    {
        count = (int)Math.Min(count, Math.Max(0, source.Length - offset));
        if (offset < _windowOffset || offset + count > _windowOffset + _windowLength)
        {
            Fill(offset, count);
        }

        var start = (int)(offset - _windowOffset);
        return _window.AsSpan(start, Math.Min(count, _windowLength - start));
    }

    private bool HasData(long offset) => Bytes(offset, WalFrame.HeaderBytes).ContainsAnyExcept((byte)0);

    private void Fill(long offset, int count)
    {
        var wanted = Math.Max(count, (int)Math.Min(WindowBytes, source.Length - offset));
        if (_window.Length < wanted || (_window.Length > WindowBytes && wanted <= WindowBytes))
        {
            _window = new byte[Math.Max(wanted, (int)Math.Min(WindowBytes, source.Length))];
        }

        _windowLength = 0;
        _windowOffset = offset;
        _windowLength = source.ReadAt(offset,
            _window.AsSpan(0, Math.Max(wanted, (int)Math.Min(_window.Length, source.Length - offset))));
        if (_windowLength < count)
        {
            // The file shrank under us.
            throw new CorruptDataException(source.Name, offset + _windowLength,
                $"the file ends {count - _windowLength} bytes too early");
        }
    }
}
