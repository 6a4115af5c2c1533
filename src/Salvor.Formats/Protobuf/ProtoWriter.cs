using System.Buffers;

namespace Salvor.Formats.Protobuf;

/// <summary>
/// Writes protobuf fields; the caller gives them in ascending order, as Go's encoders do, so that bytes compare equal.
/// </summary>
public readonly struct ProtoWriter(IBufferWriter<byte> output)
{
    private const int VarintBytesMax = 10;

    /// <summary>A varint field that is written even when zero (proto2 "always", as raft's messages are).</summary>
    public void Varint(int number, ulong value)
    {
        Tag(number, WireType.Varint);
        RawVarint(value);
    }

    /// <summary>A varint field that is left out when zero (proto3).</summary>
    public void VarintUnlessZero(int number, ulong value)
    {
        if (value != 0)
        {
            Varint(number, value);
        }
    }

    public void Bytes(int number, ReadOnlySpan<byte> value)
    {
        Tag(number, WireType.Bytes);
        RawVarint((ulong)value.Length);
        output.Write(value);
    }

    public void BytesUnlessEmpty(int number, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            Bytes(number, value);
        }
    }

    private void Tag(int number, WireType type) => RawVarint(((ulong)number << 3) | (ulong)type);

    private void RawVarint(ulong value)
    {
        var span = output.GetSpan(VarintBytesMax);
        var count = 0;
        while (value >= 0x80)
        {
            span[count++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }

        span[count++] = (byte)value;
        output.Advance(count);
    }
}
