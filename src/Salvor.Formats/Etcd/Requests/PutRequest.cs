using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>Sets a key.</summary>
public readonly ref struct PutRequest
{
    public ReadOnlySpan<byte> Key { get; private init; }

    public ReadOnlySpan<byte> Value { get; private init; }

    /// <summary>The lease to attach the key to; 0 for none.</summary>
    public long LeaseId { get; private init; }

    /// <summary>Keep the value that the key has; the key must exist.</summary>
    public bool IgnoreValue { get; private init; }

    /// <summary>Keep the lease that the key has; the key must exist.</summary>
    public bool IgnoreLease { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out PutRequest request)
    {
        ReadOnlySpan<byte> key = default, value = default;
        ulong lease = 0, ignoreValue = 0, ignoreLease = 0;
        var reader = new ProtoReader(body);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Bytes) => reader.TryReadBytes(out key),
                (2, WireType.Bytes) => reader.TryReadBytes(out value),
                (3, WireType.Varint) => reader.TryReadVarint(out lease),
                (5, WireType.Varint) => reader.TryReadVarint(out ignoreValue),
                (6, WireType.Varint) => reader.TryReadVarint(out ignoreLease),
                (1 or 2 or 3 or 5 or 6, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        request = new PutRequest
        {
            Key = key,
            Value = value,
            LeaseId = unchecked((long)lease),
            IgnoreValue = ignoreValue != 0,
            IgnoreLease = ignoreLease != 0,
        };
        return !reader.IsMalformed;
    }
}
