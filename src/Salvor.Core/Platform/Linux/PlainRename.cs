using System.Runtime.InteropServices;

namespace Salvor.Platform.Linux;

/// <summary>
/// Renames without replacing where the file system knows no such flag: NFS, 9p, CephFS, FUSE, old ZFS.
/// </summary>
internal static class PlainRename
{
    public static void Move(IFileSystem files, string from, string to)
    {
        if (files.Stat(from) is { IsDirectory: true } && !files.IsLink(from))
        {
            MoveUnlinkable(from, to);
            return;
        }

        // The kernel gives a second name only where the name is free; then the first one is taken away.
        if (Native.Link(from, to) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno is Errno.NotPermitted or Errno.NotSupported or Errno.NotImplemented or Errno.TooManyLinks)
            {
                MoveUnlinkable(from, to); // A file system without links, as FAT is.
                return;
            }

            throw Errno.From(errno, $"rename to {to} from", from);
        }

        if (Native.Unlink(from) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            _ = Native.Unlink(to); // Back to one name; what failed is said either way.
            throw Errno.From(errno, $"rename to {to} from", from);
        }
    }

    /// <summary>
    /// Looks first. What somebody makes between the look and the rename: a directory with anything in it is never
    /// replaced, an empty one or a file would be.
    /// </summary>
    private static void MoveUnlinkable(string from, string to)
    {
        if (FileStatusReader.IsTaken(to))
        {
            throw Errno.From(Errno.Exists, $"rename to {to} from", from);
        }

        if (Native.RenameAt2(Native.CurrentDirectory, from, Native.CurrentDirectory, to, flags: 0) != 0)
        {
            throw Errno.Last($"rename to {to} from", from);
        }
    }
}
