namespace Salvor.Recovery.Lease;

/// <summary>A write that was begun, and may be found in the store whether or not its answer came.</summary>
internal sealed record LeaseAttempt(string Nonce, LeaseTerm Term);
