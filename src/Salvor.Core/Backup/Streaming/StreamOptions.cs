using Salvor.Node.Kits;

namespace Salvor.Backup.Streaming;

/// <summary>How changes are stored.</summary>
public sealed record StreamOptions
{
    /// <summary>The oldest that a change may get before its segment is closed.</summary>
    public TimeSpan FlushAfter { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How much may gather before a segment is closed.</summary>
    public int FlushBytes { get; init; } = 1 << 20;

    /// <summary>Segments that are stored at the same time. They count as stored in order all the same.</summary>
    public int UploadsMax { get; init; } = 8;

    /// <summary>Bytes of closed segments that may wait for the store. Beyond it, nothing is read from etcd.</summary>
    public long WaitingBytesMax { get; init; } = 24 << 20;

    /// <summary>
    /// Where closed segments wait besides, so that an outage may last and a kill costs none; null for nowhere.
    /// </summary>
    public SegmentSpool? Spool { get; init; }

    /// <summary>
    /// How long a watch may be left unread before it is closed, so that etcd keeps nothing for it.
    /// </summary>
    public TimeSpan UnreadMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one try to store a segment may take.</summary>
    public TimeSpan PutTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the end may take: what gathered is still stored, as far as the store lets it.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest pause between two tries to reach etcd or the store.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a segment waits for the times to live of its leases.</summary>
    public TimeSpan LeaseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the member is asked how far its raft log is, while anything changes.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often a snapshot is taken beside the log; <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    public TimeSpan SnapshotEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The machine's kit, which goes along with snapshots; null where there is none.</summary>
    public KitCapture? Kit { get; init; }
}
