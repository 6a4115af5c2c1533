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

    public string Wal => WalDirectory ?? Path.Combine(Member, "wal");
}
