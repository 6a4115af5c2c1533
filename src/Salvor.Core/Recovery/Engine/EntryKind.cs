namespace Salvor.Recovery.Engine;

/// <summary>What a journal entry tells. Stable: stored.</summary>
public enum EntryKind
{
    /// <summary>A plan begins.</summary>
    Opened,

    /// <summary>A step is about to be done.</summary>
    Intent,

    /// <summary>How it ended.</summary>
    Outcome,

    /// <summary>The plan is not gone on with, and what it did is taken back.</summary>
    TakingBack,

    /// <summary>The plan has ended.</summary>
    Closed,

    /// <summary>A person is needed, or asked.</summary>
    Page,

    /// <summary>What would be done, if it were allowed.</summary>
    Advice,
}
