using Salvor.Errors;

namespace Salvor.Recovery.Lease;

/// <summary>How it stands with the lease, at the end of a call.</summary>
/// <param name="State">Whose it is.</param>
/// <param name="Generation">The object's, as last seen; 0 where none was.</param>
/// <param name="Holder">Who holds it; null for nobody, or where it isn't known.</param>
/// <param name="Left">
/// Held: how long it is ours without another renewal. Elsewhere, and free of an unknown past: for how long it must
/// still be seen unchanged before it may be taken. Zero otherwise.
/// </param>
/// <param name="Fault">Why the store did not do what it was asked; also of one that is still held.</param>
public sealed record LeaseStanding(
    LeaseState State, long Generation, string? Holder, TimeSpan Left, SalvorException? Fault = null);
