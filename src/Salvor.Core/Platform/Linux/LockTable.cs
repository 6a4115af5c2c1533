using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Salvor.Errors;

namespace Salvor.Platform.Linux;

/// <summary>Asks who holds locks without taking one.</summary>
/// <remarks>
/// etcd locks its WAL files by open file description, which F_OFD_GETLK shows, and db with flock, which only the
/// kernel's
/// table in /proc/locks shows. The table hides locks of other PID namespaces, so the first question is the stronger
/// one.
/// </remarks>
internal static class LockTable
{
    public static bool IsLocked(string path, FileStatus? status) =>
        status is { IsFile: true } && (HasOpenFileLock(path) || IsInKernelTable(status));

    private static bool HasOpenFileLock(string path)
    {
        var fd = Native.Open(path, Native.OpenReadOnly | Native.OpenCloseOnExec, 0);
        if (fd < 0)
        {
            throw Errno.Last("open", path);
        }

        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        var wanted = new Native.FileLock { Type = Native.LockWrite };
        return Native.FcntlLock(fd, Native.FcntlGetOpenFileLock, ref wanted) == 0 && wanted.Type != Native.LockNone;
    }

    private static bool IsInKernelTable(FileStatus status)
    {
        const string Table = "/proc/locks";
        if (!File.Exists(Table))
        {
            return false;
        }

        // 1: FLOCK  ADVISORY  WRITE 1234 fe:00:131 0 EOF; device numbers in hex, the inode in decimal.
        var major = (uint)(status.DeviceId >> 32);
        var minor = (uint)(status.DeviceId & uint.MaxValue);
        var id = string.Create(CultureInfo.InvariantCulture, $" {major:x2}:{minor:x2}:{status.Inode} ");
        try
        {
            return File.ReadLines(Table).Any(line => line.Contains(id, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SalvorException(ErrorCode.IoFailed, $"Cannot read {Table}: {e.Message}", e)
            {
                Hint = "Without it nobody can tell whether an etcd is running here; mount /proc.",
            };
        }
    }
}
