namespace Salvor.Readiness.Protect.InCloud;

/// <summary>Which of a machine's alarms.</summary>
public enum AlarmKind
{
    /// <summary>The one for a failing system.</summary>
    Reboot,

    /// <summary>The one for a failing host.</summary>
    Recover,
}
