namespace Salvor.Verify;

public enum VerifiedKind
{
    /// <summary>A saved snapshot with its hash.</summary>
    Snapshot,

    /// <summary>A database file alone.</summary>
    Backend,

    /// <summary>A data directory: database, log and snap files.</summary>
    DataDirectory,
}
