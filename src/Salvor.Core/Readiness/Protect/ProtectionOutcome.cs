namespace Salvor.Readiness.Protect;

/// <summary>What became of one protection in this run.</summary>
public enum ProtectionOutcome
{
    /// <summary>It was only looked at.</summary>
    Untouched,

    Changed,

    /// <summary>The change failed; the result says how.</summary>
    Failed,
}
