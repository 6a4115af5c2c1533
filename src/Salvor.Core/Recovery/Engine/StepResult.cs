namespace Salvor.Recovery.Engine;

/// <summary>How a step ended. Stable: stored.</summary>
public enum StepResult
{
    /// <summary>What it is for is so, whoever did it.</summary>
    Done,

    /// <summary>It failed, or its outcome is not known; it may be done again.</summary>
    Failed,

    /// <summary>It can't be done, and trying again changes nothing.</summary>
    Refused,
}
