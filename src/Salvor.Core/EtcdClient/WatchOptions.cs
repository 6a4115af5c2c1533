namespace Salvor.EtcdClient;

/// <summary>What to watch.</summary>
public sealed record WatchOptions
{
    public required KeyRange Range { get; init; }

    /// <summary>The first revision to send; 0 for what comes from now on.</summary>
    public long StartRevision { get; init; }

    /// <summary>Whether each event carries the key as it was before.</summary>
    public bool WithPrevious { get; init; }

    /// <summary>Whether etcd tells now and then how far it is.</summary>
    public bool NotifiesProgress { get; init; }

    /// <summary>
    /// Whether etcd may split a large batch; the parts are then marked as fragments. Else parts are joined before they
    /// are handed on.
    /// </summary>
    public bool SplitsLargeBatches { get; init; }
}
