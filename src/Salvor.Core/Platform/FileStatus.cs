namespace Salvor.Platform;

/// <summary>
/// What stat(2) says of a path, as far as Salvor asks. Two that are equal mean that the file is the same and unchanged.
/// </summary>
/// <param name="Kind">File, directory or something else.</param>
/// <param name="SizeBytes">Length of a file.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="OwnerId">User id of the owner.</param>
/// <param name="GroupId">Group id.</param>
/// <param name="DeviceId">The file system, as major and minor packed: equal ids mean that a rename can work.</param>
/// <param name="Inode">The file's number in its file system.</param>
/// <param name="ModifiedUnixNanoseconds">
/// Time of the last change of content, as the file system says it: no calendar holds all of its range.
/// </param>
public sealed record FileStatus(
    FileKind Kind,
    long SizeBytes,
    UnixFileMode Mode,
    uint OwnerId,
    uint GroupId,
    ulong DeviceId,
    ulong Inode,
    Int128 ModifiedUnixNanoseconds)
{
    public bool IsDirectory => Kind == FileKind.Directory;

    public bool IsFile => Kind == FileKind.File;
}
