namespace Salvor.Recovery.Diagnosis;

/// <summary>How well a cause is told from its look-alikes.</summary>
public enum Certainty
{
    /// <summary>What it needs was seen, and what would speak against it could not be.</summary>
    Likely,

    /// <summary>What it needs was seen, and so was that nothing speaks against it.</summary>
    Certain,
}
