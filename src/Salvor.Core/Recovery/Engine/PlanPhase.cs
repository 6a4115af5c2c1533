namespace Salvor.Recovery.Engine;

/// <summary>What a plan waits for.</summary>
public enum PlanPhase
{
    /// <summary>The next look, before its next step.</summary>
    Look,

    /// <summary>The end of the step that is under way.</summary>
    Step,
}
