namespace Salvor.Recovery.Evidence;

/// <summary>What a probe can say of a <see cref="Sign"/>. No answer is not "no".</summary>
public enum Truth
{
    /// <summary>It could not be seen. It proves nothing, and stands in the way of what would do harm.</summary>
    Unknown,

    /// <summary>It was seen that it is not so.</summary>
    No,

    /// <summary>It was seen that it is so.</summary>
    Yes,
}
