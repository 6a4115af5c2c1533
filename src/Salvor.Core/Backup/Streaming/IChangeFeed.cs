using Salvor.EtcdClient;

namespace Salvor.Backup.Streaming;

/// <summary>An open watch of every key. Disposing of it ends the watch, also while an answer is waited for.</summary>
public interface IChangeFeed : IDisposable
{
    /// <summary>The source's revision when the watch was made.</summary>
    long CreatedAtRevision { get; }

    /// <summary>The next answer, valid until the one after it is asked for; null when the source ended the watch.
    /// </summary>
    Task<WatchAnswer?> NextAsync(CancellationToken ct);
}
