using System.Buffers;

namespace Salvor.Repository;

/// <summary>Writes protobuf's variable-length numbers.</summary>
internal static class Varint
{
    private const int BytesMax = 10;

    public static void Write(IBufferWriter<byte> target, ulong value)
    {
        var span = target.GetSpan(BytesMax);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        target.Advance(length);
    }
}
