using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Salvor.Lab.Volumes;

/// <summary>
/// Takes the disk away from under a mounted file system: from then on every read of what is not cached and every write
/// fails with EIO, as after a forced detach. The kernel's own test interface (ext4 and xfs: FS_IOC_SHUTDOWN).
/// </summary>
public static partial class FileSystemShutdown
{
    private const uint Request = 0x8004587d;

    /// <summary>Without writing the journal first: as a power cut of the disk would.</summary>
    private const uint WithoutLog = 2;

    /// <exception cref="LabException">The file system refuses.</exception>
    public static void Run(string mountPoint)
    {
        // A directory can't be opened as a file of .NET, hence by number.
        var descriptor = Open(mountPoint, 0);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (descriptor < 0 || Control(descriptor, Request, WithoutLog) != 0)
        {
            throw new LabException(
                $"The file system at {mountPoint} can't be shut down: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, in uint argument);
}
