namespace Salvor.Recovery.Gate;

/// <summary>What the repository says of this machine's timeline.</summary>
public enum TimelineState
{
    /// <summary>It was not asked.</summary>
    Unseen,

    /// <summary>There is none that is configured.</summary>
    NoRepository,

    /// <summary>It can't be reached, or did not answer in time.</summary>
    Unreachable,

    /// <summary>It answers, and has no timeline yet: no backup was ever made.</summary>
    Empty,

    /// <summary>It answers and lacks the timeline of the stamp. It is never taken for the truth.</summary>
    Lost,

    /// <summary>The newest timeline is ours.</summary>
    Ours,

    /// <summary>There are timelines, and nobody wrote down which is ours.</summary>
    Unknown,

    /// <summary>A newer timeline is active, and it is not this data's: another machine took over.</summary>
    Newer,
}
