namespace Salvor.EtcdClient;

/// <summary>
/// etcd's own hash of its keyspace. Two are comparable only at the same revision and the same compaction.
/// </summary>
/// <param name="Hash">CRC-32C over the keyspace's entries.</param>
/// <param name="CompactRevision">The last compaction; -1 where there was none.</param>
/// <param name="Revision">The store's revision when the answer was made.</param>
public sealed record KeyspaceHash(uint Hash, long CompactRevision, long Revision);
