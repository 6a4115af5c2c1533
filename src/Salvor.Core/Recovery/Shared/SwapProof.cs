using Salvor.Errors;
using Salvor.ObjectStore.Probe;

namespace Salvor.Recovery.Shared;

/// <summary>Only a store that was seen to keep its conditions may say who acts.</summary>
internal static class SwapProof
{
    /// <exception cref="SalvorException">The probe was of another store, or this one broke its word.</exception>
    public static void Require(ProbeReport probe, string location)
    {
        if (probe.Location != location)
        {
            throw new ArgumentException($"The probe was of {probe.Location}, not of {location}.", nameof(probe));
        }

        if (!probe.Allows(StoreUse.Lease))
        {
            var checks = string.Join(", ", probe.Against(StoreUse.Lease).Select(check => check.Name));
            throw new SalvorException(ErrorCode.StoreRefused,
                $"{location} may not hold the lease: it did not pass {checks}.")
            {
                Hint = "'salvor repo probe' tells what was seen. Without a lease nothing is recovered automatically.",
            };
        }
    }
}
