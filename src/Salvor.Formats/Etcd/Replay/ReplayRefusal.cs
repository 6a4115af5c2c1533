namespace Salvor.Formats.Etcd.Replay;

/// <summary>
/// Why etcd refused a committed request when it applied it. Such a request is in the log and never happened.
/// </summary>
public enum ReplayRefusal
{
    None,
    LeaseNotFound,
    LeaseExists,
    LeaseTtlTooLarge,

    /// <summary>A put that keeps the value or the lease of a key that does not exist.</summary>
    KeyNotFound,

    /// <summary>A compaction at, or a transaction's read below, what is compacted.</summary>
    Compacted,

    /// <summary>A compaction or a transaction's read above the newest revision.</summary>
    FutureRevision,
    NoSpaceAlarm,
    CorruptAlarm,
}
