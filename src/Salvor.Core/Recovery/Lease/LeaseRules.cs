namespace Salvor.Recovery.Lease;

/// <summary>
/// What keeps a lease from having two holders. There is no use for fewer than all, but to show that each is needed.
/// </summary>
[Flags]
internal enum LeaseRules
{
    None = 0,

    /// <summary>The holder gives up a margin early, and others wait a margin longer.</summary>
    Margin = 1 << 0,

    /// <summary>The holder gives up by its own clock, without being told.</summary>
    OwnExpiry = 1 << 1,

    /// <summary>A renewal counts from its start, since that is the least that others saw.</summary>
    FromStart = 1 << 2,

    /// <summary>A write without an answer counts only when its nonce is read.</summary>
    NonceRead = 1 << 3,

    /// <summary>Others wait anew whenever the object has changed.</summary>
    Unchanged = 1 << 4,

    /// <summary>Others wait by a clock that nobody sets.</summary>
    SteadyClock = 1 << 5,

    /// <summary>The holder counts the time for which its machine slept.</summary>
    CountsSleep = 1 << 6,

    /// <summary>Every write is done only on the version that was seen.</summary>
    Swap = 1 << 7,

    All = (1 << 8) - 1,
}
