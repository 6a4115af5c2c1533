namespace Salvor.Recovery.Ladder;

/// <summary>What must be proven before a second control plane becomes active: all four.</summary>
[Flags]
public enum Proof
{
    None = 0,

    /// <summary>(A) The next timeline is claimed, on a store that passed the compare-and-swap probe.</summary>
    Claimed = 1,

    /// <summary>(B) The old control plane is stopped, by the provider's word or a named operator's.</summary>
    Stopped = 2,

    /// <summary>(C) There is verified data of no later timeline, and its loss is within the user's limit.</summary>
    Verified = 4,

    /// <summary>(D) The old one's side effects are cut: alarms disabled, the machine tagged as fenced.</summary>
    CutOff = 8,

    All = Claimed | Stopped | Verified | CutOff,
}
