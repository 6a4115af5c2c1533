namespace Salvor.Recovery.Engine;

/// <summary>The engine's own safety conditions, each of which the simulation removes in turn.</summary>
internal sealed record EngineSafety
{
    /// <summary>Harm waits for what can't be seen.</summary>
    public bool HeedsTheUnseen { get; init; } = true;

    /// <summary>A fresh look comes before a step that would hurt a healthy cluster.</summary>
    public bool LooksBefore { get; init; } = true;

    public bool KeepsBudgets { get; init; } = true;

    /// <summary>M of N looks, and the cause's patience.</summary>
    public bool WaitsForDatapoints { get; init; } = true;

    /// <summary>All four proofs come before a second control plane.</summary>
    public bool RequiresProofs { get; init; } = true;
}
