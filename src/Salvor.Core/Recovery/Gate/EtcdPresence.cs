namespace Salvor.Recovery.Gate;

/// <summary>Whether an etcd has the data open.</summary>
public enum EtcdPresence
{
    /// <summary>No process runs on it, and nobody holds a lock.</summary>
    NotRunning,

    Running,

    /// <summary>Nobody can tell.</summary>
    Unknown,
}
