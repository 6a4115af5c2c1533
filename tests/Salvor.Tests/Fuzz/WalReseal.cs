using System.Buffers;
using System.Buffers.Binary;
using Salvor.Formats.Checksums;
using Salvor.Formats.Protobuf;
using Salvor.Formats.RaftWal;

namespace Salvor.Tests.Fuzz;

/// <summary>
/// Gives every record of a mutated WAL the sum that its chain asks for, as far as frames can be made out.
/// </summary>
internal static class WalReseal
{
    private const int FrameHeaderBytes = 8;

    public static void Apply(byte[][] files)
    {
        var running = 0U;
        for (var i = 0; i < files.Length; i++)
        {
            files[i] = Apply(files[i], ref running);
        }
    }

    private static byte[] Apply(byte[] file, ref uint running)
    {
        var output = new ArrayBufferWriter<byte>(file.Length + 64);
        var offset = 0;
        while (file.Length - offset >= FrameHeaderBytes)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(offset));
            var payloadBytes = word & 0x00FF_FFFF_FFFF_FFFF;
            var padding = (word >> 63) != 0 ? (int)(word >> 56) & 7 : 0;
            var left = file.Length - offset - FrameHeaderBytes - padding;
            if (payloadBytes == 0 || left < 0 || payloadBytes > (ulong)left)
            {
                break;
            }

            var payload = file.AsSpan(offset + FrameHeaderBytes, (int)payloadBytes);
            if (!WalRecord.TryParse(payload, out var record))
            {
                break;
            }

            running = record.Kind == WalRecordKind.Crc ? running : Crc32C.Append(running, record.Data);
            Write(output, record, running);
            offset += FrameHeaderBytes + (int)payloadBytes + padding;
        }

        output.Write(file.AsSpan(offset)); // From here on nothing is a record any more.
        return output.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> output, WalRecord record, uint sum)
    {
        var payload = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(payload);
        writer.Varint(1, (ulong)record.Kind);
        writer.Varint(2, sum);
        if (record.Kind != WalRecordKind.Crc)
        {
            writer.Bytes(3, record.Data);
        }

        var padding = (8 - (payload.WrittenCount % 8)) % 8;
        var head = output.GetSpan(FrameHeaderBytes);
        var top = padding == 0 ? 0UL : (0x80UL | (uint)padding) << 56;
        BinaryPrimitives.WriteUInt64LittleEndian(head, (ulong)(uint)payload.WrittenCount | top);
        output.Advance(FrameHeaderBytes);
        output.Write(payload.WrittenSpan);
        output.Write(new byte[padding]);
    }
}
