using System.Buffers;
using Salvor.Formats.Bytes;
using Salvor.Formats.Checksums;
using Salvor.Formats.Protobuf;
using Salvor.Formats.Raft;

namespace Salvor.Formats.Snap;

/// <summary>A raft snapshot as etcd keeps it: not the keys, only the members and where in the log it stands.</summary>
/// <remarks>
/// <code>
/// snappb.Snapshot   1 crc (always) = CRC-32C of data, 2 data
/// data              raftpb.Snapshot: 1 data = JSON of the version-2 store, 2 metadata (always)
/// metadata          1 conf state (always), 2 index (always), 3 term (always)
/// </code>
/// etcd refuses empty data and a sum of 0.
/// </remarks>
public sealed record SnapFile(SnapshotMetadata Metadata, ReadOnlyMemory<byte> StoreJson)
{
    /// <summary>The file holds members only; the biggest seen are a few hundred kilobytes.</summary>
    private const int FileBytesMax = 256 << 20;

    /// <exception cref="CorruptDataException">The file is no snapshot, or its sum is wrong.</exception>
    public static SnapFile Read(IByteSource source)
    {
        if (source.Length is 0 or > FileBytesMax)
        {
            throw new CorruptDataException(source.Name, 0, $"a snap file can't have {source.Length} bytes");
        }

        var file = new byte[source.Length];
        source.ReadExactlyAt(0, file);
        if (!TrySplit(file, out var crc, out var data) || data.IsEmpty || crc == 0)
        {
            throw new CorruptDataException(source.Name, 0, "the bytes are no snap file");
        }

        var sum = Crc32C.Append(0, data);
        if (sum != crc)
        {
            throw new CorruptDataException(source.Name, 0,
                $"the snap file's checksum is {sum:x8}, and {crc:x8} is stored");
        }

        return TryParse(data, out var snap)
            ? snap
            : throw new CorruptDataException(source.Name, 0, "the snap file holds no raft snapshot");
    }

    public byte[] Encode()
    {
        var metadata = new ArrayBufferWriter<byte>();
        Metadata.WriteTo(new ProtoWriter(metadata));
        var data = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(data);
        writer.BytesUnlessEmpty(1, StoreJson.Span);
        writer.Bytes(2, metadata.WrittenSpan);
        var file = new ArrayBufferWriter<byte>();
        writer = new ProtoWriter(file);
        writer.Varint(1, Crc32C.Append(0, data.WrittenSpan));
        writer.Bytes(2, data.WrittenSpan);
        return file.WrittenSpan.ToArray();
    }

    private static bool TrySplit(ReadOnlySpan<byte> file, out uint crc, out ReadOnlySpan<byte> data)
    {
        ulong sum = 0;
        data = default;
        var reader = new ProtoReader(file);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out sum),
                (2, WireType.Bytes) => reader.TryReadBytes(out data),
                (1 or 2, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        crc = unchecked((uint)sum);
        return !reader.IsMalformed && sum <= uint.MaxValue;
    }

    private static bool TryParse(ReadOnlySpan<byte> data, out SnapFile snap)
    {
        ReadOnlySpan<byte> json = default, metadata = default;
        var reader = new ProtoReader(data);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Bytes) => reader.TryReadBytes(out json),
                (2, WireType.Bytes) => reader.TryReadBytes(out metadata),
                (1 or 2, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        var parsed = SnapshotMetadata.TryParse(metadata, out var place);
        snap = new SnapFile(place, json.ToArray());
        return parsed && !reader.IsMalformed;
    }
}
