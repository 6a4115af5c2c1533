using Salvor.EtcdClient;

namespace Salvor.Backup.Streaming;

/// <summary>etcd's watch as a feed.</summary>
internal sealed class EtcdChangeFeed(EtcdChangeWatch stream) : IChangeFeed
{
    public long CreatedAtRevision => stream.CreatedAtRevision;

    public Task<WatchAnswer?> NextAsync(CancellationToken ct) => stream.NextAsync(ct);

    public void Dispose() => stream.Dispose();
}
