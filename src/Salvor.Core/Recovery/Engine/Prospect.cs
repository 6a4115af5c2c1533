using System.Collections.Immutable;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>What an engine would do about a finding.</summary>
/// <param name="Finding">What is wrong.</param>
/// <param name="Next">What would be done next; null where only a person can help.</param>
/// <param name="WhyNot">Why other rungs of the cause are not taken: a sentence each.</param>
public sealed record Prospect(Finding Finding, RungRule? Next, ImmutableArray<string> WhyNot)
{
    /// <summary>Whether it is done by itself, where the mode is automatic.</summary>
    public bool IsByItself => Next?.Mode == RecoveryMode.Automatic;
}
