namespace Salvor.Readiness.Protect.Policies;

/// <summary>
/// Whose rights on AWS a policy gives. They are several, so that no captured machine can do everything.
/// </summary>
public enum IamRole
{
    /// <summary>The control-plane machine: it writes backups, and can delete none.</summary>
    Agent,

    /// <summary>Somewhere else: it reboots and starts the machine, and sets its alarms.</summary>
    Guard,

    /// <summary>Whoever runs <c>salvor protect --cloud aws</c>, for as long as that takes.</summary>
    Protect,

    /// <summary>Deletes what retention does not keep. It is no part of the control plane or the guard.</summary>
    Pruner,
}
