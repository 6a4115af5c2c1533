using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>Deletes keys.</summary>
public readonly ref struct DeleteRangeRequest
{
    private readonly ReadOnlySpan<byte> _key;
    private readonly ReadOnlySpan<byte> _rangeEnd;

    private DeleteRangeRequest(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        _key = key;
        _rangeEnd = rangeEnd;
    }

    public KeyRange Range => new(_key, _rangeEnd);

    public static bool TryParse(ReadOnlySpan<byte> body, out DeleteRangeRequest request)
    {
        ReadOnlySpan<byte> key = default, rangeEnd = default;
        var reader = new ProtoReader(body);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Bytes) => reader.TryReadBytes(out key),
                (2, WireType.Bytes) => reader.TryReadBytes(out rangeEnd),
                (1 or 2, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        request = new DeleteRangeRequest(key, rangeEnd);
        return !reader.IsMalformed;
    }
}
