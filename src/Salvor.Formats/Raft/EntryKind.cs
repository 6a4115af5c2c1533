namespace Salvor.Formats.Raft;

/// <summary>What a raft entry's data is (raftpb.EntryType).</summary>
public enum EntryKind
{
    /// <summary>A request of etcd, or nothing: the entry that a new leader begins its term with.</summary>
    Normal = 0,

    /// <summary>A <see cref="ConfChange"/>: a member comes, goes or changes.</summary>
    ConfChange = 1,

    /// <summary>The newer form of a configuration change. Raft knows it; etcd never proposes it.</summary>
    ConfChangeV2 = 2,
}
