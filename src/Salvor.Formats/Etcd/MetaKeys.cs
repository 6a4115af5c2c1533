namespace Salvor.Formats.Etcd;

/// <summary>The keys of the <c>meta</c> bucket.</summary>
public static class MetaKeys
{
    /// <summary>u64, big-endian: the last raft index applied to this backend.</summary>
    public static ReadOnlySpan<byte> ConsistentIndex => "consistent_index"u8;

    /// <summary>u64, big-endian: the term of that entry (since 3.5).</summary>
    public static ReadOnlySpan<byte> Term => "term"u8;

    /// <summary>JSON: the raft voters (since 3.5).</summary>
    public static ReadOnlySpan<byte> ConfState => "confState"u8;

    /// <summary>17-byte revision: a compaction that was begun. Keys are removed after it is stored.</summary>
    public static ReadOnlySpan<byte> ScheduledCompactRevision => "scheduledCompactRev"u8;

    /// <summary>17-byte revision: the last compaction that was ended.</summary>
    public static ReadOnlySpan<byte> FinishedCompactRevision => "finishedCompactRev"u8;

    /// <summary>Text such as 3.6.0: set by 3.6 and later; keeps older servers from starting.</summary>
    public static ReadOnlySpan<byte> StorageVersion => "storageVersion"u8;
}
