namespace Salvor.Formats.RaftWal;

/// <summary>What a WAL record carries.</summary>
public enum WalRecordKind
{
    /// <summary>The member's and the cluster's id; the first thing in every segment, equal in all.</summary>
    Metadata = 1,

    /// <summary>A raft entry.</summary>
    Entry = 2,

    /// <summary>Raft's hard state.</summary>
    State = 3,

    /// <summary>The running sum at the end of the segment before; carries no data.</summary>
    Crc = 4,

    /// <summary>The place in the log for which a raft snapshot was taken.</summary>
    Snapshot = 5,
}
