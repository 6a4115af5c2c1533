namespace Salvor.Recovery.Gate;

/// <summary>Whether somebody broke the glass.</summary>
public enum GateSwitch
{
    On,

    /// <summary>A person said that this once nothing is to be held.</summary>
    OverriddenOnce,

    /// <summary>The kernel's command line says so, for as long as it does.</summary>
    OffByKernel,
}
