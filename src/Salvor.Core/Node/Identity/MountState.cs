namespace Salvor.Node.Identity;

/// <summary>Whether the file system that the data belongs on is where it was.</summary>
public enum MountState
{
    /// <summary>There is no stamp to compare with, or nobody can tell.</summary>
    Unknown,

    Expected,

    /// <summary>Nothing is mounted where the data's volume was.</summary>
    Missing,

    /// <summary>Another file system is mounted there.</summary>
    Other,
}
