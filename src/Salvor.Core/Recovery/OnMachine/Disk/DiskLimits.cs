using Salvor.Platform;

namespace Salvor.Recovery.OnMachine.Disk;

/// <summary>When a file system counts as full, and when as roomy.</summary>
public static class DiskLimits
{
    /// <summary>etcd sets this much aside when it begins a new piece of its log, and panics where it can't.</summary>
    public const long LogPieceBytes = 64L << 20;

    /// <summary>What a reserve sets aside: a piece of the log.</summary>
    public const long ReserveBytes = LogPieceBytes;

    /// <summary>A reserve is made only above this, far from what counts as full: nothing swings between.</summary>
    public const long RoomyBytes = 8 * ReserveBytes;

    private const long SmallBytes = 8L << 20;
    private const long FewInodes = 16;
    private const long ManyInodes = 1000;

    /// <summary>Full: a hundredth is left, but never more than 64 MiB nor less than 8 MiB.</summary>
    public static bool IsFull(FileSystemSpace space) =>
        space.TotalBytes > 0
        && space.FreeBytes < Math.Clamp(space.TotalBytes / 100, SmallBytes, LogPieceBytes);

    /// <summary>A thousandth is left, but never more than 1,000 nor less than 16. Some have no such limit.</summary>
    public static bool HasNoInodes(FileSystemSpace space) =>
        space.TotalInodes > 0 && space.FreeInodes < Math.Clamp(space.TotalInodes / 1000, FewInodes, ManyInodes);
}
