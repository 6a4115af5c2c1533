using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>
/// A transaction: conditions, what to do when all hold, what to do otherwise. Operations may be transactions again.
/// </summary>
public readonly ref struct TxnRequest
{
    /// <summary>Deeper than any API lets in; it bounds our recursion.</summary>
    private const int DepthMax = 64;

    private const int CompareField = 1;
    private const int SuccessField = 2;
    private const int FailureField = 3;

    private readonly ReadOnlySpan<byte> _body;

    private TxnRequest(ReadOnlySpan<byte> body) => _body = body;

    public TxnParts Compares => new(_body, CompareField);

    /// <summary>Takes the whole tree apart, so that whoever walks it later meets no broken part.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out TxnRequest request)
    {
        request = new TxnRequest(body);
        return IsWellFormed(body, depth: 0);
    }

    /// <summary>The operations of one branch, in order.</summary>
    public TxnParts Operations(bool success) => new(_body, success ? SuccessField : FailureField);

    private static bool IsWellFormed(ReadOnlySpan<byte> body, int depth)
    {
        if (depth > DepthMax)
        {
            return false;
        }

        var reader = new ProtoReader(body);
        while (reader.TryReadField(out var number, out var type))
        {
            if (number is not (CompareField or SuccessField or FailureField))
            {
                reader.TrySkip(type);
                continue;
            }

            if (type != WireType.Bytes || !reader.TryReadBytes(out var part))
            {
                return false;
            }

            var isGood = number == CompareField ? Compare.TryParse(part, out _) : IsOperationWellFormed(part, depth);
            if (!isGood)
            {
                return false;
            }
        }

        return !reader.IsMalformed;
    }

    private static bool IsOperationWellFormed(ReadOnlySpan<byte> part, int depth) =>
        RequestOp.TryParse(part, out var op) && op.Kind switch
        {
            RequestOpKind.Put => PutRequest.TryParse(op.Body, out _),
            RequestOpKind.DeleteRange => DeleteRangeRequest.TryParse(op.Body, out _),
            RequestOpKind.Range => RangeRequest.TryParse(op.Body, out _),
            RequestOpKind.Txn => IsWellFormed(op.Body, depth + 1),
            _ => true,
        };
}
