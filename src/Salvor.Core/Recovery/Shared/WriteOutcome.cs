namespace Salvor.Recovery.Shared;

/// <summary>How a conditional write ended, as far as its writer knows.</summary>
public enum WriteOutcome
{
    /// <summary>It was done.</summary>
    Written,

    /// <summary>
    /// Its condition did not hold. After a lost answer below us, that may be our own write: read it to know.
    /// </summary>
    Refused,

    /// <summary>No answer: it was done, or not, or will be a little later.</summary>
    Unknown,
}
