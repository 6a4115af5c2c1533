using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>Reads a message whose first fields are plain numbers, as half of etcd's requests are.</summary>
internal static class Numbers
{
    public static bool TryParse(ReadOnlySpan<byte> body, out ulong first, out ulong second, out ulong third)
    {
        first = 0;
        second = 0;
        third = 0;
        var reader = new ProtoReader(body);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out first),
                (2, WireType.Varint) => reader.TryReadVarint(out second),
                (3, WireType.Varint) => reader.TryReadVarint(out third),
                (1 or 2 or 3, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        return !reader.IsMalformed;
    }
}
