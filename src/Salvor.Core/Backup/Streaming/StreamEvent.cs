namespace Salvor.Backup.Streaming;

/// <summary>What happens in a stream, for those who watch it. One of the kinds nested here.</summary>
public abstract record StreamEvent
{
    private StreamEvent()
    {
    }

    /// <summary>The repository already holds everything up to a revision.</summary>
    public sealed record Resumed(long Revision) : StreamEvent;

    /// <summary>The watch is open.</summary>
    /// <param name="After">The last revision that needs not be read.</param>
    /// <param name="Head">etcd's newest one.</param>
    public sealed record Following(long After, long Head) : StreamEvent;

    /// <summary>A segment, and all before it, is stored.</summary>
    /// <param name="First">Its first revision.</param>
    /// <param name="Last">Its last one: all up to here is safe.</param>
    /// <param name="StoredBytes">Its size in the store.</param>
    /// <param name="Lag">From seeing its oldest change to knowing it safe.</param>
    /// <param name="Seen">The newest revision that was seen by then.</param>
    public sealed record Stored(long First, long Last, int StoredBytes, TimeSpan Lag, long Seen) : StreamEvent;

    /// <summary>etcd can't be reached or ended the watch; it is tried again.</summary>
    public sealed record EtcdAway(string Reason, TimeSpan RetryAfter) : StreamEvent;

    /// <summary>The store fails; it is tried again, and changes wait.</summary>
    public sealed record StoreAway(string Reason, TimeSpan RetryAfter) : StreamEvent;

    /// <summary>The watch was closed, since too much waits for the store.</summary>
    public sealed record Held(long WaitingBytes) : StreamEvent;

    /// <summary>The log can't go on by itself, so a snapshot is taken.</summary>
    public sealed record NeedsSnapshot(string Reason) : StreamEvent;

    /// <summary>The snapshot is there, and the log goes on after it.</summary>
    public sealed record SnapshotTaken(long Revision) : StreamEvent;

    /// <summary>A snapshot was taken beside the log.</summary>
    public sealed record SnapshotOnSchedule(long Revision, string Reason) : StreamEvent;

    /// <summary>What an earlier stream left in the spool is stored.</summary>
    public sealed record SpoolEmptied(int Segments) : StreamEvent;

    /// <summary>Something that somebody should look at; the stream goes on.</summary>
    public sealed record Warning(string Text) : StreamEvent;
}
