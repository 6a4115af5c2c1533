using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>
/// A read. Only its revision matters in a log: a transaction that reads a revision that is not there fails as a whole.
/// </summary>
/// <param name="Revision">The revision to read at; 0 for the newest.</param>
public readonly record struct RangeRequest(long Revision)
{
    public static bool TryParse(ReadOnlySpan<byte> body, out RangeRequest request)
    {
        ulong revision = 0;
        var reader = new ProtoReader(body);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (4, WireType.Varint) => reader.TryReadVarint(out revision),
                (4, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        request = new RangeRequest(unchecked((long)revision));
        return !reader.IsMalformed;
    }
}
