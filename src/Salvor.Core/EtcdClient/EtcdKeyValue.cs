namespace Salvor.EtcdClient;

/// <summary>A key with its value at one revision.</summary>
public sealed record EtcdKeyValue(
    ReadOnlyMemory<byte> Key,
    ReadOnlyMemory<byte> Value,
    long CreateRevision,
    long ModRevision,
    long Version,
    long LeaseId)
{
    internal static EtcdKeyValue From(Protos.KeyValue kv) =>
        new(kv.Key.Memory, kv.Value.Memory, kv.CreateRevision, kv.ModRevision, kv.Version, kv.Lease);
}
