namespace Salvor.ObjectStore.Probe;

/// <summary>One thing that a store was asked to do.</summary>
/// <param name="Name">Stable, for programs.</param>
/// <param name="NeededFor">The uses that are out when this did not pass.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Detail">What was seen, where it did not pass.</param>
public sealed record ProbeCheck(
    string Name, IReadOnlyList<StoreUse> NeededFor, ProbeOutcome Outcome, string? Detail);
