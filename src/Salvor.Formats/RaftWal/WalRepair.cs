using Salvor.Formats.Protobuf;

namespace Salvor.Formats.RaftWal;

/// <summary>Looks ahead of damage: where does the chain of sums go on?</summary>
internal sealed class WalRepair
{
    /// <summary>Enough for a record's kind, sum and data length.</summary>
    public const int HeadBytes = 24;

    private const int BlockBytes = 64 << 10;

    private readonly IReadOnlyList<WalSegment> _segments;
    private WalFrameReader? _frames;
    private int _segment = -1;

    // Bytes that a hostile file, full of frames that look plausible, may still make us sum up.
    private long _budgetBytes;

    public WalRepair(IReadOnlyList<WalSegment> segments)
    {
        _segments = segments;
        _budgetBytes = (64 << 20) + segments.Sum(s => s.Source.Length * 4);
    }

    /// <summary>Whether the record at an offset, or at the beginning of the next segment, verifies on a sum.</summary>
    public bool ContinuesAt(int segment, long offset, uint running)
    {
        var fault = TryRead(segment, offset, ref running);
        if (fault == WalFault.EndOfData && segment + 1 < _segments.Count && running != 0)
        {
            fault = TryRead(segment + 1, 0, ref running);
        }

        return fault == WalFault.None;
    }

    /// <summary>
    /// The next place from which the chain goes on, and the sum to go on with; null when there is none in this file.
    /// </summary>
    /// <param name="segment">Which segment.</param>
    /// <param name="from">Where to begin looking; frames begin at multiples of 8.</param>
    /// <param name="hint">A sum on which the next record may verify: the one that the lost record holds.</param>
    /// <param name="running">The sum on which the record at the returned offset verifies.</param>
    public long? FindNext(int segment, long from, uint hint, out uint running)
    {
        running = 0;
        var length = _segments[segment].Source.Length;
        for (var offset = (from + 7) & ~7L; offset + WalFrame.HeaderBytes < length && _budgetBytes > 0; offset += 8)
        {
            if (!LooksLikeRecord(segment, ref offset))
            {
                continue;
            }

            running = hint;
            var copy = hint;
            if (TryRead(segment, offset, ref copy) == WalFault.None)
            {
                return offset;
            }

            if (TryReadCrcOf(segment, offset, out var stored, out var end))
            {
                running = stored;
                if (TryRead(segment, end, ref stored) == WalFault.None)
                {
                    return end;
                }
            }
        }

        return null;
    }

    /// <summary>The offset of the first byte that is not zero; null when only preallocated space follows.</summary>
    public long? FirstDataAfter(int segment, long offset)
    {
        var frames = Frames(segment);
        while (true)
        {
            var block = frames.Bytes(offset, BlockBytes);
            if (block.IsEmpty)
            {
                return null;
            }

            var position = block.IndexOfAnyExcept((byte)0);
            if (position >= 0)
            {
                return offset + position;
            }

            offset += block.Length;
        }
    }

    /// <summary>Reads the fixed beginning of a record, and from the length of its data its own length.</summary>
    public static bool TryParseHead(ReadOnlySpan<byte> head, out WalRecordKind kind, out uint crc, out int payloadBytes)
    {
        kind = default;
        crc = 0;
        payloadBytes = 0;
        var reader = new ProtoReader(head);
        if (!reader.TryReadField(out var number, out var type) || number != 1 || type != WireType.Varint
            || !reader.TryReadVarint(out var kindValue) || kindValue is < 1 or > 5
            || !reader.TryReadField(out number, out type) || number != 2 || type != WireType.Varint
            || !reader.TryReadVarint(out var crcValue) || crcValue > uint.MaxValue)
        {
            return false;
        }

        kind = (WalRecordKind)kindValue;
        crc = (uint)crcValue;
        if (!reader.TryReadField(out number, out type) || number != 3 || type != WireType.Bytes
            || !reader.TryReadVarint(out var dataBytes) || dataBytes > int.MaxValue / 2)
        {
            return false;
        }

        payloadBytes = 2 + 1 + VarintBytes(crc) + 1 + VarintBytes(dataBytes) + (int)dataBytes;
        return true;
    }

    /// <summary>
    /// The sum that a record whose first bytes are damaged most likely holds: it begins at the fourth byte, always.
    /// </summary>
    public static uint GuessCrc(ReadOnlySpan<byte> head)
    {
        var reader = new ProtoReader(head.Length > 3 ? head[3..] : default);
        return reader.TryReadVarint(out var crc) && crc <= uint.MaxValue ? (uint)crc : 0;
    }

    private static int VarintBytes(ulong value) =>
        value == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;

    /// <summary>A cheap test; in a stretch of zeros it moves the offset to its end.</summary>
    private bool LooksLikeRecord(int segment, ref long offset)
    {
        var bytes = Frames(segment).Bytes(offset, WalFrame.HeaderBytes + 4);
        if (bytes.Length < WalFrame.HeaderBytes + 4)
        {
            return false;
        }

        if (bytes[3] == 0 && bytes[..8].IndexOfAnyExcept((byte)0) < 0)
        {
            offset = (FirstDataAfter(segment, offset) ?? _segments[segment].Source.Length) & ~7L;
            offset -= 8; // The caller's loop adds it again.
            return false;
        }

        return bytes[7] is 0 or (>= 0x80 and <= 0x87) && bytes[6] == 0 && bytes[5] == 0 && bytes[8] == 0x08
            && bytes[9] is >= 1 and <= 5 && bytes[10] == 0x10;
    }

    private bool TryReadCrcOf(int segment, long offset, out uint crc, out long end)
    {
        crc = 0;
        end = 0;
        if (Frames(segment).TryReadAt(offset, out var frame) != WalFault.None
            || !WalRecord.TryParse(frame.Payload, out var record))
        {
            return false;
        }

        _budgetBytes -= frame.Payload.Length;
        crc = record.Crc;
        end = frame.EndOffset;
        return true;
    }

    private WalFault TryRead(int segment, long offset, ref uint running)
    {
        var fault = WalChain.TryRead(Frames(segment), offset, ref running, out var frame, out _);
        _budgetBytes -= WalFrame.HeaderBytes + frame.Payload.Length;
        return fault;
    }

    private WalFrameReader Frames(int segment)
    {
        if (segment != _segment)
        {
            _frames = new WalFrameReader(_segments[segment].Source);
            _segment = segment;
        }

        return _frames!;
    }
}
