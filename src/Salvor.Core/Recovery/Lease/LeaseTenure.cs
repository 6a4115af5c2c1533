using Salvor.ObjectStore;

namespace Salvor.Recovery.Lease;

/// <summary>That we hold the lease: by which write, and for how long.</summary>
internal sealed record LeaseTenure(long Generation, ObjectTag Tag, LeaseTerm Term);
