namespace Salvor.EtcdClient;

/// <summary>A change of one key.</summary>
/// <param name="IsDelete">Whether the key went away; its value is empty then.</param>
/// <param name="KeyValue">The key after the change; ModRevision is the revision of the change.</param>
/// <param name="Previous">The key before it, where that was asked for and etcd still has it.</param>
public sealed record EtcdEvent(bool IsDelete, EtcdKeyValue KeyValue, EtcdKeyValue? Previous)
{
    internal static EtcdEvent From(Protos.Event e) =>
        new(
            e.Type == Protos.Event.Types.Type.Delete,
            EtcdKeyValue.From(e.Kv),
            e.PrevKv is null ? null : EtcdKeyValue.From(e.PrevKv));
}
