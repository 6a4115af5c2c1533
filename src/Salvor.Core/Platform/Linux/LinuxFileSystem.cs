using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Salvor.Errors;

namespace Salvor.Platform.Linux;

/// <summary>The real file system.</summary>
public sealed unsafe class LinuxFileSystem : IFileSystem
{
    private const string SelinuxLabel = "security.selinux";
    private const int LabelBytesMax = 4096;
    private const int FileTypeMask = 0xF000;
    private const int DirectoryType = 0x4000;
    private const int RegularType = 0x8000;
    private const uint StatXBasic = 0x7FF;
    private const UnixFileMode OwnFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public IFile OpenRead(string path)
    {
        var fd = Native.Open(path, Native.OpenReadOnly | Native.OpenNonBlocking | Native.OpenCloseOnExec, 0);
        if (fd < 0)
        {
            throw Errno.Last("open", path);
        }

        var handle = new SafeFileHandle(fd, ownsHandle: true);
        var status = Stat(path);
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
        if (Native.Lock(fd, Native.LockExclusive | Native.LockNonBlocking) == 0)
        {
            return handle; // Closing it, or the end of the process, gives the lock back.
        }

        handle.Dispose();
        return null;
    }

    public FileStatus? Stat(string path)
    {
        if (Native.StatX(Native.CurrentDirectory, path, flags: 0, StatXBasic, out var raw) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            return errno is Errno.NoEntry or Errno.NotDirectory ? null : throw Errno.From(errno, "look at", path);
        }

        var kind = (raw.Mode & FileTypeMask) switch
        {
            DirectoryType => FileKind.Directory,
            RegularType => FileKind.File,
            _ => FileKind.Other,
        };
        return new FileStatus(kind, (long)raw.SizeBytes, (UnixFileMode)(raw.Mode & 0xFFF), raw.OwnerId, raw.GroupId,
            ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor, raw.Inode,
            DateTimeOffset.FromUnixTimeSeconds(raw.ModifiedSeconds).AddTicks(raw.ModifiedNanoseconds / 100));
    }

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

    public void Rename(string from, string to) => Rename(from, to, Native.RenameNoReplace, "rename to");

    public void Replace(string from, string to) => Rename(from, to, flags: 0, "replace");

    public void Exchange(string left, string right) => Rename(left, right, Native.RenameExchange, "exchange");

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

    public bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

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
        catch (IOException e)
        {
            throw new SalvorException(ErrorCode.IoFailed, $"Cannot ask for the free space of {path}: {e.Message}", e);
        }
    }

    public bool IsLocked(string path) => LockTable.IsLocked(path, Stat(path));

    private static void Rename(string from, string to, uint flags, string verb)
    {
        if (Native.RenameAt2(Native.CurrentDirectory, from, Native.CurrentDirectory, to, flags) == 0)
        {
            return;
        }

        var errno = Marshal.GetLastPInvokeError();
        if (errno == Errno.Invalid && flags == Native.RenameExchange)
        {
            throw new SalvorException(ErrorCode.IoFailed,
                $"The file system of {to} can't exchange two names in one step.")
            {
                Hint =
                    "Move the old directory away yourself and run this again, or name a target on another file system.",
            };
        }

        throw Errno.From(errno, $"{verb} {to} from", from);
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
