using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>Where etcd keeps what, in a data directory.</summary>
/// <param name="Root">etcd's <c>--data-dir</c>.</param>
/// <param name="WalDirectory">etcd's <c>--wal-dir</c>, or null where the log lies in the data directory.</param>
public sealed record MemberLayout(string Root, string? WalDirectory = null)
{
    public const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Member => Path.Combine(Root, "member");

    public string Snap => Path.Combine(Member, "snap");

    public string Database => Path.Combine(Snap, "db");

    public string Wal => WalDirectory ?? DefaultWal;

    private string DefaultWal => Path.Combine(Member, "wal");

    /// <summary>
    /// The same layout, without a log directory that is named though it is where the log lies anyway.
    /// </summary>
    public MemberLayout WithoutNeedlessWalDirectory(IFileSystem files) =>
        WalDirectory is { } wal && IsSame(files, wal, DefaultWal) ? this with { WalDirectory = null } : this;

    /// <summary>Whether two paths name one thing, by way of links or not.</summary>
    internal static bool IsSame(IFileSystem files, string left, string right) =>
        Path.GetFullPath(left) == Path.GetFullPath(right)
        || (files.Stat(left) is { } a && files.Stat(right) is { } b && a.DeviceId == b.DeviceId && a.Inode == b.Inode);
}
