namespace Salvor.Recovery.Gate;

/// <summary>What the gate does. The names are told to programs, and do not change.</summary>
public enum GateDecision
{
    /// <summary>etcd may start: nothing speaks against it.</summary>
    Pass,

    /// <summary>Nothing is done, and what was seen is told: etcd runs, or somebody broke the glass.</summary>
    Report,

    /// <summary>etcd's manifest is put aside.</summary>
    Hold,

    /// <summary>It was put aside before, and stays there until it is released.</summary>
    Held,

    /// <summary>There is no etcd here that the gate could judge.</summary>
    NothingToGuard,
}
