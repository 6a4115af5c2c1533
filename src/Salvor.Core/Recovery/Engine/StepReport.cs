using Salvor.Recovery.Ladder;

namespace Salvor.Recovery.Engine;

/// <summary>How a step ended, in words for a person, and what it proved.</summary>
public sealed record StepReport(StepResult Result, string Detail, Proof Proofs = Proof.None)
{
    public static StepReport Done(string detail = "", Proof proofs = Proof.None) =>
        new(StepResult.Done, detail, proofs);

    public static StepReport Failed(string detail) => new(StepResult.Failed, detail);

    public static StepReport Refused(string detail) => new(StepResult.Refused, detail);
}
