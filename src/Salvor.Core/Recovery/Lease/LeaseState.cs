namespace Salvor.Recovery.Lease;

public enum LeaseState
{
    /// <summary>It is ours, by our own clock.</summary>
    Held,

    /// <summary>Nobody's: it was given back, or never taken.</summary>
    Free,

    /// <summary>It is another one's, or may still be.</summary>
    Elsewhere,

    /// <summary>The store did not tell, and we don't hold it.</summary>
    Unknown,
}
