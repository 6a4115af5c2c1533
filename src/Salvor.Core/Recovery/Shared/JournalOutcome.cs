namespace Salvor.Recovery.Shared;

public enum JournalOutcome
{
    /// <summary>The entry is in the journal, durably.</summary>
    Written,

    /// <summary>
    /// Somebody else wrote at its place. Whoever hears this acts no more before it has read the journal anew.
    /// </summary>
    Overtaken,
}
