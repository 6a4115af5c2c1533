using Salvor.Errors;

namespace Salvor.Readiness.Protect;

/// <summary>One protection, what was seen of it, and what became of it.</summary>
public sealed record ProtectionResult(IProtection Protection, ProtectionLook Look)
{
    public ProtectionOutcome Outcome { get; init; }

    /// <summary>Why the change failed.</summary>
    public SalvorException? Failure { get; init; }

    /// <summary>Whether it still differs from what is wanted and could be changed.</summary>
    public bool IsDue => Look.State == ProtectionState.Differs && Outcome == ProtectionOutcome.Untouched;
}
