using System.Buffers.Binary;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>
/// A decoder of intact raft logs, written apart from the product's: just enough to know what lies where.
/// </summary>
public static class LogRecords
{
    public static List<LogRecord> Read(byte[] segment)
    {
        var records = new List<LogRecord>();
        var offset = 0;
        while (offset + LogRecord.HeaderBytes <= segment.Length)
        {
            var length = BinaryPrimitives.ReadUInt64LittleEndian(segment.AsSpan(offset));
            if (length == 0)
            {
                break;
            }

            var payload = segment.AsSpan(offset + LogRecord.HeaderBytes, (int)(length & 0xFFFF_FFFF));
            var padding = (int)(length >> 56) & 7;
            var end = offset + LogRecord.HeaderBytes + payload.Length + padding;
            var kind = (int)Field(payload, 1);
            var data = DataOf(payload);
            var index = kind == 2 ? Field(data, 3) : 0;
            records.Add(new LogRecord(offset, end - padding, end, kind, index));
            offset = end;
        }

        return records;
    }

    /// <summary>The highest entry up to which all entries survive in a changed copy of the file.</summary>
    public static ulong LastWhole(IEnumerable<LogRecord> records, byte[] changed, byte[] original)
    {
        var last = 0UL;
        foreach (var record in records.Where(r => r.IsEntry))
        {
            if (!record.SurvivesIn(changed, original))
            {
                break;
            }

            last = record.Index;
        }

        return last;
    }

    private static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> record)
    {
        while (!record.IsEmpty)
        {
            var tag = Varint(ref record);
            var value = Varint(ref record);
            if (tag == ((3 << 3) | 2))
            {
                return record[..(int)value];
            }
        }

        return [];
    }

    /// <summary>A number out of a message whose numbers come before its bytes, as in all messages of the log.</summary>
    private static ulong Field(ReadOnlySpan<byte> message, int number)
    {
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            if ((tag & 7) != 0)
            {
                break;
            }

            var value = Varint(ref message);
            if (tag >> 3 == (ulong)number)
            {
                return value;
            }
        }

        return 0;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
