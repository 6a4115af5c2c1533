namespace Salvor.Formats.Raft;

/// <summary>What a configuration change does to its member (raftpb.ConfChangeType).</summary>
public enum ConfChangeKind
{
    AddVoter = 0,
    Remove = 1,
    Update = 2,
    AddLearner = 3,
}
