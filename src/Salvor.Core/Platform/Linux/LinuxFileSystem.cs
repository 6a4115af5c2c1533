using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Salvor.Errors;

namespace Salvor.Platform.Linux;

/// <summary>The real file system.</summary>
public sealed unsafe class LinuxFileSystem : IFileSystem
{
    private const string SelinuxLabel = "security.selinux";
    private const int LabelBytesMax = 4096;
    private const UnixFileMode OwnFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>False makes a test's file system as poor as NFS: no flag of renameat2 is known.</summary>
    internal bool HasRenameFlags { get; init; } = true;

    public IFile OpenRead(string path)
    {
        var fd = Native.Open(path, Native.OpenReadOnly | Native.OpenNonBlocking | Native.OpenCloseOnExec, 0);
        if (fd < 0)
        {
            throw Errno.Last("open", path);
        }

        var handle = new SafeFileHandle(fd, ownsHandle: true);
        var status = FileStatusReader.Read(handle, path); // Not the path's: that may be another file by now.
        if (status is not { IsFile: true })
        {
            handle.Dispose();
            var kind = status is { IsDirectory: true } ? "a directory" : "a device, pipe or socket";
            throw new SalvorException(ErrorCode.WrongKind, $"{path} is {kind}, not a file.")
            {
                Hint = "Name the file itself.",
            };
        }

        return new LinuxFile(path, handle, status.SizeBytes);
    }

    public IFile CreateNew(string path, UnixFileMode mode)
    {
        const int Flags = Native.OpenReadWrite | Native.OpenCreate | Native.OpenExclusive | Native.OpenCloseOnExec;
        var fd = Native.Open(path, Flags, (uint)mode);
        if (fd < 0)
        {
            throw Errno.Last("create", path);
        }

        var file = new LinuxFile(path, new SafeFileHandle(fd, ownsHandle: true), lengthBytes: 0);
        SetMode(path, mode); // The process's umask may have taken bits away.
        return file;
    }

    public IDisposable? TryLockOwnFile(string path)
    {
        var fd =
            Native.Open(path, Native.OpenReadWrite | Native.OpenCreate | Native.OpenCloseOnExec, (uint)OwnFileMode);
        if (fd < 0)
        {
            throw Errno.Last("open", path);
        }

        var handle = new SafeFileHandle(fd, ownsHandle: true);
        if (Native.Lock(fd, Native.LockExclusive | Native.LockNonBlocking) != 0)
        {
            handle.Dispose();
            return null;
        }

        // Who had it may have deleted it between the two calls: then this lock keeps nobody out.
        if (FileStatusReader.Read(handle, path) is { } held && Stat(path) is { } named
            && (held.DeviceId, held.Inode) == (named.DeviceId, named.Inode))
        {
            return handle; // Closing it, or the end of the process, gives the lock back.
        }

        handle.Dispose();
        return TryLockOwnFile(path);
    }

    public FileStatus? Stat(string path) => FileStatusReader.Read(path);

    public IReadOnlyList<string> List(string directory)
    {
        try
        {
            var names = Directory.EnumerateFileSystemEntries(directory).Select(p => Path.GetFileName(p)).ToList();
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (DirectoryNotFoundException e)
        {
            throw new SalvorException(ErrorCode.NotFound, $"There is no directory {directory}.", e);
        }
        catch (UnauthorizedAccessException)
        {
            throw Errno.From(Errno.AccessDenied, "list", directory);
        }
        catch (IOException e)
        {
            throw new SalvorException(ErrorCode.IoFailed, $"Cannot list {directory}: {e.Message}", e);
        }
    }

    public void CreateDirectory(string path, UnixFileMode mode)
    {
        if (Native.MakeDirectory(path, (uint)mode) != 0)
        {
            throw Errno.Last("create the directory", path);
        }

        SetMode(path, mode); // The process's umask may have taken bits away.
    }

    public void Rename(string from, string to)
    {
        var errno = RenameAt(from, to, Native.RenameNoReplace);
        if (errno is Errno.Invalid or Errno.NotImplemented or Errno.NotSupported)
        {
            PlainRename.Move(this, from, to);
        }
        else if (errno != 0)
        {
            throw Errno.From(errno, $"rename to {to} from", from);
        }
    }

    public void Replace(string from, string to)
    {
        if (RenameAt(from, to, flags: 0) is var errno and not 0)
        {
            throw Errno.From(errno, $"replace {to} from", from);
        }
    }

    public void Exchange(string left, string right)
    {
        var errno = RenameAt(left, right, Native.RenameExchange);
        if (errno is Errno.Invalid or Errno.NotImplemented or Errno.NotSupported)
        {
            throw new SalvorException(ErrorCode.IoFailed,
                $"The file system of {right} can't exchange two names in one step.", new NotSupportedException())
            {
                Hint = "Move what is there away by hand, then run this again.",
            };
        }

        if (errno != 0)
        {
            throw Errno.From(errno, $"exchange {right} with", left);
        }
    }

    public void FlushDirectory(string path)
    {
        var fd = Native.Open(path, Native.OpenReadOnly | Native.OpenCloseOnExec, 0);
        if (fd < 0)
        {
            throw Errno.Last("open the directory", path);
        }

        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        if (Native.FlushFile(fd) != 0)
        {
            throw Errno.Last("flush the directory", path);
        }
    }

    public void DeleteOwnFile(string path)
    {
        if (Native.Unlink(path) != 0)
        {
            throw Errno.Last("delete", path);
        }
    }

    public void DeleteOwnEmptyDirectory(string path)
    {
        if (Native.RemoveDirectory(path) != 0)
        {
            throw Errno.Last("delete the directory", path);
        }
    }

    public bool IsLink(string path) => FileStatusReader.IsLink(path);

    public string? ReadLink(string path) => new FileInfo(path).LinkTarget;

    public void CreateLink(string path, string target)
    {
        if (Native.SymbolicLink(target, path) != 0)
        {
            throw Errno.Last("make the link", path);
        }
    }

    public void SetOwner(string path, uint owner, uint group)
    {
        if (Native.ChangeOwner(path, owner, group) != 0)
        {
            throw Errno.Last("change the owner of", path);
        }
    }

    public void DeleteOwnTree(string path)
    {
        foreach (var name in List(path))
        {
            var child = Path.Combine(path, name);
            // A link to a directory is unlinked, never followed.
            if (Stat(child) is { IsDirectory: true } && !IsLink(child))
            {
                DeleteOwnTree(child);
            }
            else
            {
                DeleteOwnFile(child);
            }
        }

        DeleteOwnEmptyDirectory(path);
    }

    public void CopyOwner(string like, string to)
    {
        var wanted = Stat(like) ?? throw Errno.From(Errno.NoEntry, "look at", like);
        var present = Stat(to) ?? throw Errno.From(Errno.NoEntry, "look at", to);
        var isSame = wanted.OwnerId == present.OwnerId && wanted.GroupId == present.GroupId;
        if (!isSame && Native.ChangeOwner(to, wanted.OwnerId, wanted.GroupId) != 0)
        {
            throw Errno.Last("change the owner of", to);
        }

        CopyLabel(like, to);
    }

    public void SetMode(string path, UnixFileMode mode)
    {
        if (Native.ChangeMode(path, (uint)mode) != 0)
        {
            throw Errno.Last("change the mode of", path);
        }
    }

    public long FreeBytes(string path)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace;
        }
        catch (UnauthorizedAccessException)
        {
            throw Errno.From(Errno.AccessDenied, "ask for the free space of", path);
        }
        catch (IOException e)
        {
            throw new SalvorException(ErrorCode.IoFailed, $"Cannot ask for the free space of {path}: {e.Message}", e);
        }
    }

    public FileSystemSpace Space(string path)
    {
        if (Native.StatFileSystem(path, out var space) != 0)
        {
            throw Errno.Last("ask for the free space of", path);
        }

        return new FileSystemSpace(
            Bytes(space.Fragments, space.FragmentBytes), Bytes(space.FragmentsFree, space.FragmentBytes),
            Clamp(space.Inodes), Clamp(space.InodesFree));
    }

    public bool IsLocked(string path) => LockTable.IsLocked(path, Stat(path));

    /// <summary>File systems of the network say what they like.</summary>
    private static long Bytes(ulong fragments, ulong fragmentBytes) => Clamp((UInt128)fragments * fragmentBytes);

    private static long Clamp(UInt128 number) => (long)UInt128.Min(number, long.MaxValue);

    /// <returns>0, or the error's number.</returns>
    private int RenameAt(string from, string to, uint flags)
    {
        if (flags != 0 && !HasRenameFlags)
        {
            return Errno.Invalid;
        }

        return Native.RenameAt2(Native.CurrentDirectory, from, Native.CurrentDirectory, to, flags) == 0
            ? 0
            : Marshal.GetLastPInvokeError();
    }

    private static void CopyLabel(string like, string to)
    {
        var label = stackalloc byte[LabelBytesMax];
        var length = Native.GetAttribute(like, SelinuxLabel, label, LabelBytesMax);
        if (length < 0)
        {
            return; // No SELinux here, or a file system without labels: nothing to keep.
        }

        if (Native.SetAttribute(to, SelinuxLabel, label, (nuint)length, flags: 0) != 0
            && Marshal.GetLastPInvokeError() is not (Errno.NotSupported or Errno.NoData))
        {
            throw Errno.Last("set the SELinux label of", to);
        }
    }
}
