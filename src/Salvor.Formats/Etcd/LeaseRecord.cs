using System.Buffers;
using System.Buffers.Binary;
using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd;

/// <summary>An entry of the <c>lease</c> bucket: leasepb.Lease under its id, 8 bytes big-endian.</summary>
/// <param name="Id">The lease; never 0.</param>
/// <param name="TtlSeconds">Granted time to live. The full time starts again when etcd starts.</param>
/// <param name="RemainingTtlSeconds">What a checkpoint left of it; 0 for none.</param>
public readonly record struct LeaseRecord(long Id, long TtlSeconds, long RemainingTtlSeconds)
{
    public const int KeyBytes = 8;

    public static bool TryRead(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out LeaseRecord lease)
    {
        ulong id = 0, ttl = 0, remaining = 0;
        var reader = new ProtoReader(value);
        while (reader.TryReadField(out var field, out var type))
        {
            _ = (field, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out id),
                (2, WireType.Varint) => reader.TryReadVarint(out ttl),
                (3, WireType.Varint) => reader.TryReadVarint(out remaining),
                _ => reader.TrySkip(type),
            };
        }

        lease = new LeaseRecord(unchecked((long)id), unchecked((long)ttl), unchecked((long)remaining));
        return !reader.IsMalformed && key.Length == KeyBytes && BinaryPrimitives.ReadInt64BigEndian(key) == lease.Id;
    }

    public void WriteKey(Span<byte> key) => BinaryPrimitives.WriteInt64BigEndian(key, Id);

    public void WriteValue(IBufferWriter<byte> output)
    {
        var writer = new ProtoWriter(output);
        writer.VarintUnlessZero(1, unchecked((ulong)Id));
        writer.VarintUnlessZero(2, unchecked((ulong)TtlSeconds));
        writer.VarintUnlessZero(3, unchecked((ulong)RemainingTtlSeconds));
    }
}
