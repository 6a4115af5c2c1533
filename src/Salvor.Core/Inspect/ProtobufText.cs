using System.Globalization;
using System.Text;
using Salvor.Formats.Protobuf;

namespace Salvor.Inspect;

/// <summary>Shows a protobuf message without its schema: field numbers, and what each payload looks like.</summary>
/// <remarks>
/// A length-delimited field is text where it is printable, a message where it parses as one, and hex otherwise.
/// </remarks>
internal static class ProtobufText
{
    private const int DepthMax = 16;
    private const int HexBytesMax = 64;

    /// <summary>Whether the bytes are a well-formed message with at least one field.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtoReader(bytes);
        while (reader.TryReadField(out _, out var type) && reader.TrySkip(type))
        {
        }

        return !bytes.IsEmpty && !reader.IsMalformed;
    }

    public static void Write(StringBuilder output, ReadOnlySpan<byte> message, int depth = 0)
    {
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            output.Append(' ', depth * 2).Append(CultureInfo.InvariantCulture, $"{number}: ");
            switch (type)
            {
                case WireType.Varint when reader.TryReadVarint(out var value):
                    output.Append(value).AppendLine();
                    break;
                case WireType.Fixed64 when reader.TryReadFixed64(out var value):
                    output.Append(CultureInfo.InvariantCulture, $"0x{value:x16}").AppendLine();
                    break;
                case WireType.Fixed32 when reader.TryReadFixed32(out var value):
                    output.Append(CultureInfo.InvariantCulture, $"0x{value:x8}").AppendLine();
                    break;
                case WireType.Bytes when reader.TryReadBytes(out var value):
                    WriteBytes(output, value, depth);
                    break;
                default:
                    return;
            }
        }
    }

    private static void WriteBytes(StringBuilder output, ReadOnlySpan<byte> value, int depth)
    {
        if (TextGuess.IsText(value))
        {
            output.Append('"').Append(Encoding.UTF8.GetString(value).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"').AppendLine();
        }
        else if (depth < DepthMax && IsMessage(value))
        {
            output.AppendLine("{");
            Write(output, value, depth + 1);
            output.Append(' ', depth * 2).AppendLine("}");
        }
        else
        {
            var shown = Convert.ToHexStringLower(value[..Math.Min(value.Length, HexBytesMax)]);
            output.Append("0x").Append(shown)
                .AppendLine(value.Length > HexBytesMax ? $"... ({value.Length} bytes)" : "");
        }
    }
}
