using Google.Protobuf;
using Salvor.EtcdClient.Protos;

namespace Salvor.EtcdClient;

/// <summary>A condition of a transaction.</summary>
public sealed class TxnCompare
{
    private TxnCompare(Compare message) => Message = message;

    internal Compare Message { get; }

    /// <summary>The key was last changed at this revision; 0 means that it does not exist.</summary>
    public static TxnCompare ModRevisionIs(ReadOnlyMemory<byte> key, long revision) => new(new Compare
    {
        Key = UnsafeByteOperations.UnsafeWrap(key),
        Target = Compare.Types.Target.Mod,
        Result = Compare.Types.Result.Equal,
        ModRevision = revision,
    });

    /// <summary>The key has this value.</summary>
    public static TxnCompare ValueIs(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value) => new(new Compare
    {
        Key = UnsafeByteOperations.UnsafeWrap(key),
        Target = Compare.Types.Target.Value,
        Result = Compare.Types.Result.Equal,
        Value = UnsafeByteOperations.UnsafeWrap(value),
    });
}
