using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>Where etcd keeps what, in a data directory.</summary>
/// <remarks>
/// Paths are absolute and clean, as etcd makes them: a slash at the end, or a dot inside, must not make one directory
/// look like two.
/// </remarks>
/// <param name="Root">etcd's <c>--data-dir</c>.</param>
/// <param name="WalDirectory">etcd's <c>--wal-dir</c>, or null where the log lies in the data directory.</param>
public sealed record MemberLayout(string Root, string? WalDirectory = null)
{
    public const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Root { get; init => field = Clean(value); } = Clean(Root);

    public string? WalDirectory { get; init => field = CleanOrNull(value); } = CleanOrNull(WalDirectory);

    public string Member => Path.Combine(Root, "member");

    public string Snap => Path.Combine(Member, "snap");

    public string Database => Path.Combine(Snap, "db");

    public string Wal => WalDirectory ?? DefaultWal;

    private string DefaultWal => Path.Combine(Member, "wal");

    /// <summary>
    /// The same layout, without a log directory that is named though it is where the log lies anyway.
    /// </summary>
    public MemberLayout WithoutNeedlessWalDirectory(IFileSystem files) =>
        WalDirectory is { } wal && Place.IsSame(files, wal, DefaultWal) ? this with { WalDirectory = null } : this;

    /// <summary>A directory's absolute path, without a slash at the end; what is no path stays as it is.</summary>
    public static string Clean(string path) => path.Length == 0 || path.Contains('\0')
        ? path
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string? CleanOrNull(string? path) => path is null ? null : Clean(path);
}
