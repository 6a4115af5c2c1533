namespace Salvor.Backup.Streaming;

/// <summary>Where changes come from: an etcd, or a test's model of one.</summary>
public interface IChangeSource
{
    /// <summary>Who answers, and how far it is.</summary>
    Task<SourceState> AskAsync(CancellationToken ct);

    /// <summary>Begins to watch every key from a revision on.</summary>
    Task<IChangeFeed> OpenAsync(long fromRevision, CancellationToken ct);

    /// <summary>For how many seconds a lease was granted; 0 when it is unknown.</summary>
    Task<long> LeaseSecondsAsync(long leaseId, CancellationToken ct);
}
