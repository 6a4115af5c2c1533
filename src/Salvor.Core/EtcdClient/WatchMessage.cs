namespace Salvor.EtcdClient;

/// <summary>What a watch says. One of the kinds nested here.</summary>
public abstract record WatchMessage
{
    private WatchMessage()
    {
    }

    /// <summary>Changes, in revision order.</summary>
    /// <param name="List">At least one.</param>
    /// <param name="Revision">The store's revision when they were sent.</param>
    /// <param name="IsFragment">Whether more of the same batch follows; a revision may be split between the
    /// two.</param>
    public sealed record Events(IReadOnlyList<EtcdEvent> List, long Revision, bool IsFragment) : WatchMessage;

    /// <summary>Every change up to this revision has been sent.</summary>
    public sealed record Progress(long Revision) : WatchMessage;

    /// <summary>The watch ended: what it asked for is gone from etcd.</summary>
    /// <param name="CompactRevision">The oldest revision that etcd still has.</param>
    public sealed record Compacted(long CompactRevision) : WatchMessage;

    /// <summary>The watch ended, because we asked for it or for the reason given.</summary>
    public sealed record Cancelled(string Reason) : WatchMessage;
}
