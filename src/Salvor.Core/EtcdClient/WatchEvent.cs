using Salvor.Formats.Protobuf;

namespace Salvor.EtcdClient;

/// <summary>A change as a watch tells it: mvccpb.Event, of which 1 is the type and 2 the key.</summary>
/// <remarks>The spans point into the answer that it was read from.</remarks>
public readonly ref struct WatchEvent
{
    private WatchEvent(bool isDelete, ReadOnlySpan<byte> keyValue)
    {
        IsDelete = isDelete;
        KeyValue = keyValue;
    }

    public bool IsDelete { get; }

    /// <summary>
    /// The mvccpb.KeyValue in etcd's own bytes. For a put they are what etcd stores; in a delete, etcd stores the key
    /// alone.
    /// </summary>
    public ReadOnlySpan<byte> KeyValue { get; }

    internal static bool TryRead(ReadOnlySpan<byte> message, out WatchEvent found)
    {
        found = default;
        var isDelete = false;
        ReadOnlySpan<byte> keyValue = default;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            if ((number, type) == (1, WireType.Varint) && reader.TryReadVarint(out var kind))
            {
                isDelete = kind == 1;
            }
            else if ((number, type) == (2, WireType.Bytes) && reader.TryReadBytes(out var kv))
            {
                keyValue = kv;
            }
            else
            {
                reader.TrySkip(type);
            }
        }

        found = new WatchEvent(isDelete, keyValue);
        return !reader.IsMalformed && !keyValue.IsEmpty;
    }
}
