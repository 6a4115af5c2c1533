using Salvor.EtcdClient;

namespace Salvor.Backup.Streaming;

/// <summary>A feed that knows whether it was closed by its reader.</summary>
internal sealed class HeldFeed(IChangeFeed feed) : IChangeFeed
{
    public bool IsClosed { get; private set; }

    public long CreatedAtRevision => feed.CreatedAtRevision;

    public Task<WatchAnswer?> NextAsync(CancellationToken ct) =>
        IsClosed ? Task.FromResult<WatchAnswer?>(null) : feed.NextAsync(ct);

    public void Dispose()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            feed.Dispose();
        }
    }
}
