using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>The data of a normal raft entry: one request of etcd, over the bytes that hold it.</summary>
/// <remarks>
/// The presence of a sub-message says which request it is, also when the sub-message is empty. Up to etcd 3.5, member
/// attributes and the cluster version are logged as a bare version-2 request instead, which is told by its field 2: one
/// of
/// six method names.
/// </remarks>
public readonly ref struct RaftRequest
{
    private const int HeaderField = 100;

    /// <summary>What is asked.</summary>
    public RaftRequestKind Kind { get; private init; }

    /// <summary>The sub-message of that request.</summary>
    public ReadOnlySpan<byte> Body { get; private init; }

    /// <summary>Who asked, as UTF-8; empty without authentication.</summary>
    public ReadOnlySpan<byte> UserName { get; private init; }

    /// <summary>The revision of users and roles by which the request was let in; 0 without authentication.</summary>
    public ulong AuthRevision { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> data, out RaftRequest request)
    {
        request = default;
        var kind = RaftRequestKind.Unknown;
        ReadOnlySpan<byte> body = default, header = default;
        var reader = new ProtoReader(data);
        while (reader.TryReadField(out var number, out var type))
        {
            if (type != WireType.Bytes)
            {
                reader.TrySkip(type);
                continue;
            }

            if (!reader.TryReadBytes(out var value))
            {
                break;
            }

            if (number == 2 && IsMethodName(value))
            {
                request = new RaftRequest { Kind = RaftRequestKind.V2, Body = data };
                return true;
            }

            if (number == HeaderField)
            {
                header = value;
            }
            else if (Enum.IsDefined((RaftRequestKind)number))
            {
                kind = (RaftRequestKind)number;
                body = value;
            }
        }

        return !reader.IsMalformed && TryParseHeader(header, kind, body, out request);
    }

    private static bool TryParseHeader(ReadOnlySpan<byte> header, RaftRequestKind kind, ReadOnlySpan<byte> body,
        out RaftRequest request)
    {
        ReadOnlySpan<byte> userName = default;
        ulong authRevision = 0;
        var reader = new ProtoReader(header);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (2, WireType.Bytes) => reader.TryReadBytes(out userName),
                (3, WireType.Varint) => reader.TryReadVarint(out authRevision),
                (2 or 3, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        request = new RaftRequest { Kind = kind, Body = body, UserName = userName, AuthRevision = authRevision };
        return !reader.IsMalformed;
    }

    private static bool IsMethodName(ReadOnlySpan<byte> value) =>
        value.SequenceEqual("PUT"u8) || value.SequenceEqual("POST"u8)
        || value.SequenceEqual("DELETE"u8) || value.SequenceEqual("GET"u8) || value.SequenceEqual("QGET"u8)
            || value.SequenceEqual("SYNC"u8);
}
