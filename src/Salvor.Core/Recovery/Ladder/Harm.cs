namespace Salvor.Recovery.Ladder;

/// <summary>The worst that a rung does when it was the wrong one.</summary>
public enum Harm
{
    /// <summary>Nothing that runs is touched.</summary>
    None,

    /// <summary>A process of the control plane is started anew.</summary>
    Restarts,

    /// <summary>Data is replaced (the old is kept in quarantine).</summary>
    Data,

    /// <summary>The machine is off for a while.</summary>
    Power,

    /// <summary>A control plane is kept down, and another may take its place.</summary>
    Fences,
}
