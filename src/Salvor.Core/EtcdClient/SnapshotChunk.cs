namespace Salvor.EtcdClient;

/// <summary>A piece of the snapshot stream.</summary>
/// <param name="Bytes">Valid until the next piece is asked for.</param>
/// <param name="RemainingBytes">
/// What etcd says is left of the image. It is 0 one message before the end: the last message holds the hash.
/// </param>
public readonly record struct SnapshotChunk(ReadOnlyMemory<byte> Bytes, long RemainingBytes);
