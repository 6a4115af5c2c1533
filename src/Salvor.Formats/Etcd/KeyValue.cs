using System.Buffers;
using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd;

/// <summary>
/// A value of the <c>key</c> bucket: mvccpb.KeyValue. The spans point into the bytes it was read from.
/// </summary>
/// <remarks>
/// Fields: 1 key, 2 create_revision, 3 mod_revision, 4 version, 5 value, 6 lease; ascending, zero and empty ones left
/// out,
/// so that the same content always gives the same bytes. A tombstone's value holds the key alone.
/// </remarks>
public readonly ref struct KeyValue
{
    /// <summary>The user's key; never empty, but for the entry that a revision bump leaves.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Main revision of the put that created the key in its present life.</summary>
    public long CreateRevision { get; init; }

    /// <summary>Main revision of this change.</summary>
    public long ModRevision { get; init; }

    /// <summary>Puts since creation; 1 for the creating one.</summary>
    public long Version { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>The lease that the key hangs on; 0 for none.</summary>
    public long Lease { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> message, out KeyValue value)
    {
        var reader = new ProtoReader(message);
        ReadOnlySpan<byte> key = default, content = default;
        ulong create = 0, mod = 0, version = 0, lease = 0;
        while (reader.TryReadField(out var field, out var type))
        {
            var isRead = (field, type) switch
            {
                (1, WireType.Bytes) => reader.TryReadBytes(out key),
                (2, WireType.Varint) => reader.TryReadVarint(out create),
                (3, WireType.Varint) => reader.TryReadVarint(out mod),
                (4, WireType.Varint) => reader.TryReadVarint(out version),
                (5, WireType.Bytes) => reader.TryReadBytes(out content),
                (6, WireType.Varint) => reader.TryReadVarint(out lease),
                _ => reader.TrySkip(type),
            };
            if (!isRead)
            {
                break;
            }
        }

        value = new KeyValue
        {
            Key = key,
            CreateRevision = unchecked((long)create),
            ModRevision = unchecked((long)mod),
            Version = unchecked((long)version),
            Value = content,
            Lease = unchecked((long)lease),
        };
        return !reader.IsMalformed;
    }

    public void Write(IBufferWriter<byte> output)
    {
        var writer = new ProtoWriter(output);
        writer.BytesUnlessEmpty(1, Key);
        writer.VarintUnlessZero(2, unchecked((ulong)CreateRevision));
        writer.VarintUnlessZero(3, unchecked((ulong)ModRevision));
        writer.VarintUnlessZero(4, unchecked((ulong)Version));
        writer.BytesUnlessEmpty(5, Value);
        writer.VarintUnlessZero(6, unchecked((ulong)Lease));
    }
}
