using Google.Protobuf;
using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>One operation of a transaction.</summary>
public sealed class TxnOperation
{
    private TxnOperation(RequestOp message) => Message = message;

    internal RequestOp Message { get; }

    public static TxnOperation Put(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, long leaseId = 0) =>
        new(new RequestOp
        {
            RequestPut = new PutRequest
            {
                Key = UnsafeByteOperations.UnsafeWrap(key),
                Value = UnsafeByteOperations.UnsafeWrap(value),
                Lease = leaseId,
            },
        });

    public static TxnOperation Delete(KeyRange range) => new(new RequestOp
    {
        RequestDeleteRange = new DeleteRangeRequest { Key = range.StartBytes, RangeEnd = range.EndBytes },
    });

    public static TxnOperation Get(KeyRange range) => new(new RequestOp
    {
        RequestRange = new RangeRequest { Key = range.StartBytes, RangeEnd = range.EndBytes },
    });
}
