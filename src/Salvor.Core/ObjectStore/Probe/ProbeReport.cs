namespace Salvor.ObjectStore.Probe;

/// <summary>What a probe found.</summary>
/// <param name="Location">The store.</param>
/// <param name="Checks">In the order in which they ran.</param>
/// <param name="ClockOffset">How far the store's clock is ahead of ours; null where it could not be told.</param>
/// <param name="PutTime">How long the put of a small object took; null where none was done.</param>
/// <param name="GetTime">How long its get took.</param>
/// <param name="LeftBehind">The probe's own objects that could not be deleted.</param>
public sealed record ProbeReport(
    string Location,
    IReadOnlyList<ProbeCheck> Checks,
    TimeSpan? ClockOffset,
    TimeSpan? PutTime,
    TimeSpan? GetTime,
    IReadOnlyList<ObjectName> LeftBehind)
{
    /// <summary>Whether everything that the use needs passed.</summary>
    public bool Allows(StoreUse use) =>
        Checks.All(c => c.Outcome == ProbeOutcome.Passed || !c.NeededFor.Contains(use));

    /// <summary>The checks that keep the store from the use.</summary>
    public IEnumerable<ProbeCheck> Against(StoreUse use) =>
        Checks.Where(c => c.Outcome != ProbeOutcome.Passed && c.NeededFor.Contains(use));
}
