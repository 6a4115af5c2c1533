using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>One operation of a transaction.</summary>
public readonly ref struct RequestOp
{
    public RequestOpKind Kind { get; private init; }

    /// <summary>The request's own message.</summary>
    public ReadOnlySpan<byte> Body { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> message, out RequestOp op)
    {
        var kind = RequestOpKind.None;
        ReadOnlySpan<byte> body = default;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            if (number is < 1 or > 4)
            {
                reader.TrySkip(type);
            }
            else if (type != WireType.Bytes || !reader.TryReadBytes(out body))
            {
                reader.Fail();
            }
            else
            {
                kind = (RequestOpKind)number;
            }
        }

        op = new RequestOp { Kind = kind, Body = body };
        return !reader.IsMalformed;
    }
}
