namespace Salvor.Recovery.Shared;

public enum ClaimResult
{
    /// <summary>It is claimed by us, and stops nobody.</summary>
    Claimed,

    /// <summary>It is active, by us.</summary>
    Active,

    /// <summary>It was taken back, and is not ours.</summary>
    Withdrawn,

    /// <summary>Another one claims it, or has made it active.</summary>
    Elsewhere,

    /// <summary>The timeline is in use, or a newer one is: it was begun meanwhile, by a restore or a backup.</summary>
    Outdated,

    /// <summary>There is no claim on it.</summary>
    None,

    /// <summary>The store did not tell: nothing may be built on it. Do the same again.</summary>
    Unknown,
}
