using System.Runtime.InteropServices;

namespace Salvor.Platform.Linux;

/// <summary>
/// The system calls that .NET does not offer, or offers with a lock or a surprise attached. Numbers are Linux's,
/// 64-bit.
/// </summary>
internal static unsafe partial class Native
{
    public const int OpenReadOnly = 0;
    public const int OpenWriteOnly = 1;
    public const int OpenReadWrite = 2;
    public const int OpenCreate = 0x40;
    public const int OpenExclusive = 0x80;
    public const int OpenNoTerminal = 0x100;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;

    public const int CurrentDirectory = -100;
    public const int StatNoFollow = 0x100;
    public const int StatEmptyPath = 0x1000;
    public const uint RenameNoReplace = 1;
    public const uint RenameExchange = 2;

    public const int FcntlGetOpenFileLock = 36;
    public const short LockWrite = 1;
    public const short LockNone = 2;

    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;

    public const uint SyncRangeWrite = 2;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenOnce(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint ReadAt(int fd, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint WriteAt(int fd, byte* buffer, nuint count, long offset);

    /// <summary>For devices, which know no offset.</summary>
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushOnce(int fd);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    public static partial int SyncFileRange(int fd, long offset, long count, uint flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int AllocateOnce(int fd, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int fd, int operation);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(int fd, long length);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt2(int fromDirectory, string from, int toDirectory, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SymbolicLink(string target, string path);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveDirectory(string path);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetAttribute(string path, string name, byte* value, nuint size);

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetAttribute(string path, string name, byte* value, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(int directory, string path, int flags, uint mask, out StatXBuffer buffer);

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatFileSystem(string path, out FileSystemBuffer buffer);

    /// <summary>Reads the kernel's clock where nothing is set in the buffer. The state of the clock, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    public static partial int AdjustTime(ref TimeBuffer buffer);

    /// <summary>Of the calling thread only, other than POSIX has it.</summary>
    [LibraryImport("libc", EntryPoint = "nice", SetLastError = true)]
    public static partial int LowerPriority(int increment);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int FcntlLock(int fd, int command, ref FileLock fileLock);

    public static int Open(string path, int flags, uint mode)
    {
        int result;
        do
        {
            result = OpenOnce(path, flags, mode);
        }
        while (IsInterrupted(result));
        return result;
    }

    /// <summary>Flushes. Only an interrupted call, which came to nothing, is made again; a failed one never.</summary>
    public static int FlushFile(int fd)
    {
        int result;
        do
        {
            result = FlushOnce(fd);
        }
        while (IsInterrupted(result));
        return result;
    }

    public static int Allocate(int fd, int mode, long offset, long length)
    {
        int result;
        do
        {
            result = AllocateOnce(fd, mode, offset, length);
        }
        while (IsInterrupted(result));
        return result;
    }

    private static bool IsInterrupted(int result) =>
        result < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted;

    /// <summary>struct statx, whose layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatXBuffer
    {
        [FieldOffset(0x14)] public uint OwnerId;
        [FieldOffset(0x18)] public uint GroupId;
        [FieldOffset(0x1C)] public ushort Mode;
        [FieldOffset(0x20)] public ulong Inode;
        [FieldOffset(0x28)] public ulong SizeBytes;
        [FieldOffset(0x70)] public long ModifiedSeconds;
        [FieldOffset(0x78)] public uint ModifiedNanoseconds;
        [FieldOffset(0x88)] public uint DeviceMajor;
        [FieldOffset(0x8C)] public uint DeviceMinor;
    }

    /// <summary>struct statvfs on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 112)]
    internal struct FileSystemBuffer
    {
        [FieldOffset(0x08)] public ulong FragmentBytes;
        [FieldOffset(0x10)] public ulong Fragments;
        [FieldOffset(0x18)] public ulong FragmentsFree;
        [FieldOffset(0x28)] public ulong Inodes;
        [FieldOffset(0x30)] public ulong InodesFree;
    }

    /// <summary>struct timex on 64-bit Linux, as far as it is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct TimeBuffer
    {
        [FieldOffset(0x00)] public uint Modes;
        [FieldOffset(0x28)] public int Status;
    }

    /// <summary>struct flock on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int ProcessId;
    }
}
