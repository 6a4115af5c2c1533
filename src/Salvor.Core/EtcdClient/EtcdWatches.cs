namespace Salvor.EtcdClient;

/// <summary>etcd's Watch service. Every watch has a stream of its own, so that one can't hold up another.</summary>
public sealed class EtcdWatches
{
    private readonly EtcdConnection _connection;

    internal EtcdWatches(EtcdConnection connection) => _connection = connection;

    /// <summary>
    /// Begins a watch; returns when etcd has made it. Nothing is re-opened by itself: the caller knows how far it came.
    /// </summary>
    /// <param name="options">What to watch.</param>
    /// <param name="ct">Ends the watch, not just its opening.</param>
    public Task<EtcdWatch> OpenAsync(WatchOptions options, CancellationToken ct) =>
        _connection.OpenAsync("watch", scope => EtcdWatch.OpenAsync(options, scope), ct);
}
