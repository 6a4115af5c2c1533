namespace Salvor.Platform;

/// <summary>
/// The verbs on files that Salvor uses, each with its durability stated. Paths are absolute or relative to the process.
/// </summary>
/// <remarks>
/// A name made, renamed or deleted is durable only after <see cref="FlushDirectory"/> of its directory. Every failure
/// is a
/// <see cref="Errors.SalvorException"/> that names the path and what to do.
/// </remarks>
public interface IFileSystem
{
    /// <summary>Opens for reading. Takes no lock of any kind, so that a starting etcd is never held up by us.</summary>
    IFile OpenRead(string path);

    /// <summary>Creates a file that must not exist, for reading and writing.</summary>
    IFile CreateNew(string path, UnixFileMode mode);

    /// <summary>
    /// Locks a file of our own for as long as the result lives (flock); null when another process holds it.
    /// </summary>
    IDisposable? TryLockOwnFile(string path);

    /// <summary>What is at the path, a symbolic link followed; null when there is nothing.</summary>
    FileStatus? Stat(string path);

    /// <summary>The names in a directory, in ordinal order, without "." and "..".</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>Creates one directory, whose parent exists, with exactly this mode.</summary>
    void CreateDirectory(string path, UnixFileMode mode);

    /// <summary>Renames atomically; fails when the new name is taken.</summary>
    void Rename(string from, string to);

    /// <summary>Renames atomically over whatever file has the new name.</summary>
    void Replace(string from, string to);

    /// <summary>Exchanges two names of one file system atomically (renameat2 with RENAME_EXCHANGE).</summary>
    void Exchange(string left, string right);

    /// <summary>Makes the names in a directory durable.</summary>
    void FlushDirectory(string path);

    /// <summary>
    /// Deletes one of Salvor's own unfinished files. Data of others is renamed into quarantine, never deleted.
    /// </summary>
    void DeleteOwnFile(string path);

    /// <summary>Deletes one of Salvor's own staging directories with all that is in it.</summary>
    void DeleteOwnTree(string path);

    /// <summary>
    /// Gives <paramref name="to"/> the owner, group and SELinux label of <paramref name="like"/>; a no-op where they
    /// are equal.
    /// </summary>
    void CopyOwner(string like, string to);

    /// <summary>
    /// Deletes a directory that Salvor made, unless somebody has put something into it: then it fails.
    /// </summary>
    void DeleteOwnEmptyDirectory(string path);

    /// <summary>Whether the path itself is a symbolic link, whatever it leads to.</summary>
    bool IsLink(string path);

    /// <summary>Where a symbolic link leads, as it is written in it; null when the path is no link.</summary>
    string? ReadLink(string path);

    /// <summary>Creates a symbolic link, whose name must be free.</summary>
    void CreateLink(string path, string target);

    /// <summary>Sets owner and group, of a link itself too.</summary>
    void SetOwner(string path, uint owner, uint group);

    /// <summary>Sets the permission bits.</summary>
    void SetMode(string path, UnixFileMode mode);

    /// <summary>Bytes that may still be written to the file system that holds the path.</summary>
    long FreeBytes(string path);

    /// <summary>How large the file system that holds the path is, and what is left of it.</summary>
    FileSystemSpace Space(string path);

    /// <summary>
    /// Whether another process holds a lock (flock, POSIX or open-file-description) on the file. Takes no lock itself.
    /// </summary>
    bool IsLocked(string path);
}
