namespace Salvor.ObjectStore.Probe;

/// <summary>What a store may be used for.</summary>
public enum StoreUse
{
    /// <summary>To hold backups: put, get, list, and names that are given once.</summary>
    Repository,

    /// <summary>To hold the lease, which must be changed by condition, with one winner.</summary>
    Lease,

    /// <summary>To be pruned: needs deletes. The writer of backups needs none.</summary>
    Prune,
}
