using Salvor.Errors;

namespace Salvor.Recovery.Shared;

/// <summary>How it stands with a timeline that is wanted, at the end of a call.</summary>
/// <param name="Result">What came of the call.</param>
/// <param name="Claim">What is stored, as far as it was read.</param>
/// <param name="Left">For how long another one's claim must still be seen unchanged; zero otherwise.</param>
/// <param name="Fault">Why nobody knows.</param>
public sealed record ClaimStanding(
    ClaimResult Result, TimelineClaim? Claim, TimeSpan Left, SalvorException? Fault = null);
