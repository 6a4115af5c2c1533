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

    /// <summary>
    /// Begins a watch of every key for one that stores what comes: in etcd's bytes, without objects per event.
    /// </summary>
    /// <param name="startRevision">The first revision to send.</param>
    /// <param name="ct">Ends the watch, not just its opening.</param>
    public Task<EtcdChangeWatch> OpenChangesAsync(long startRevision, CancellationToken ct) =>
        _connection.OpenAsync("watch", scope => EtcdChangeWatch.OpenAsync(startRevision, scope), ct);
}
