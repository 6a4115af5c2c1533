using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>
/// Tells whether a process has a data directory open, without taking a lock that could hold up a starting etcd.
/// </summary>
public static class LiveEtcd
{
    /// <summary>The locked file that shows a running etcd; null when there is none.</summary>
    public static string? FindLock(IFileSystem files, MemberLayout layout)
    {
        if (files.IsLocked(layout.Database))
        {
            return layout.Database;
        }

        return files.Stat(layout.Wal) is { IsDirectory: true }
            ? files.List(layout.Wal)
                .Where(name => name.EndsWith(".wal", StringComparison.Ordinal))
                .Select(name => Path.Combine(layout.Wal, name))
                .LastOrDefault(files.IsLocked)
            : null;
    }

    /// <summary>Refuses to go on when a process has the directory open.</summary>
    public static void Refuse(IFileSystem files, MemberLayout layout)
    {
        if (FindLock(files, layout) is { } path)
        {
            throw new SalvorException(ErrorCode.InUse,
                $"A running process has {path} locked: this data directory belongs to a live etcd.")
            {
                Hint = "Stop etcd first. On a kubeadm node, move etcd.yaml out of /etc/kubernetes/manifests and wait "
                    + "until its container is gone.",
            };
        }
    }
}
