using Salvor.Formats.Protobuf;

namespace Salvor.Formats.RaftWal;

/// <summary>One record, over the bytes that hold it.</summary>
/// <remarks>Fields 1 kind and 2 sum: written even when zero. Field 3 data: absent in a crc record.</remarks>
public readonly ref struct WalRecord(WalRecordKind kind, uint crc, ReadOnlySpan<byte> data)
{
    public WalRecordKind Kind { get; } = kind;

    /// <summary>The running CRC-32C over the data of this and every record before it.</summary>
    public uint Crc { get; } = crc;

    public ReadOnlySpan<byte> Data { get; } = data;

    public static bool TryParse(ReadOnlySpan<byte> payload, out WalRecord record)
    {
        record = default;
        ulong kind = 0, crc = 0;
        ReadOnlySpan<byte> data = default;
        var reader = new ProtoReader(payload);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out kind),
                (2, WireType.Varint) => reader.TryReadVarint(out crc),
                (3, WireType.Bytes) => reader.TryReadBytes(out data),
                (1 or 2 or 3, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        if (reader.IsMalformed || kind is < (ulong)WalRecordKind.Metadata or > (ulong)WalRecordKind.Snapshot
            || crc > uint.MaxValue)
        {
            return false;
        }

        record = new WalRecord((WalRecordKind)kind, (uint)crc, data);
        return true;
    }
}
