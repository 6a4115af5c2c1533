using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Salvor.Platform.Linux;

/// <summary>Asks the kernel what is at a path (statx), as raw numbers: none of them has to make sense.</summary>
internal static class FileStatusReader
{
    private const int FileTypeMask = 0xF000;
    private const int DirectoryType = 0x4000;
    private const int RegularType = 0x8000;
    private const int LinkType = 0xA000;
    private const uint StatXBasic = 0x7FF;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>What is at the path, a link followed; null when there is nothing.</summary>
    public static FileStatus? Read(string path) => TryRead(Native.CurrentDirectory, path, 0, path, out var raw)
        ? Convert(raw)
        : null;

    /// <summary>What is open, whatever its path names by now.</summary>
    /// <param name="open">The open file.</param>
    /// <param name="path">For the message of a failure.</param>
    public static FileStatus? Read(SafeFileHandle open, string path) =>
        TryRead((int)open.DangerousGetHandle(), "", Native.StatEmptyPath, path, out var raw) ? Convert(raw) : null;

    /// <summary>Whether the path itself is a link.</summary>
    public static bool IsLink(string path) =>
        TryRead(Native.CurrentDirectory, path, Native.StatNoFollow, path, out var raw)
        && (raw.Mode & FileTypeMask) == LinkType;

    /// <summary>Whether anything has this name, a link that leads nowhere too.</summary>
    public static bool IsTaken(string path) =>
        TryRead(Native.CurrentDirectory, path, Native.StatNoFollow, path, out _);

    private static bool TryRead(int directory, string path, int flags, string shown, out Native.StatXBuffer raw)
    {
        while (Native.StatX(directory, path, flags, StatXBasic, out raw) != 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.NoEntry or Errno.NotDirectory:
                    return false;
                case Errno.Interrupted:
                    continue;
                case var errno:
                    throw Errno.From(errno, "look at", shown);
            }
        }

        return true;
    }

    private static FileStatus Convert(in Native.StatXBuffer raw)
    {
        var kind = (raw.Mode & FileTypeMask) switch
        {
            DirectoryType => FileKind.Directory,
            RegularType => FileKind.File,
            _ => FileKind.Other,
        };
        return new FileStatus(kind, (long)raw.SizeBytes, (UnixFileMode)(raw.Mode & 0xFFF), raw.OwnerId, raw.GroupId,
            ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor, raw.Inode,
            ((Int128)raw.ModifiedSeconds * NanosecondsPerSecond) + raw.ModifiedNanoseconds);
    }
}
