using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>
/// Looks at a restore's target before anything is written: whether it is what somebody would want replaced.
/// </summary>
internal static class TargetCheck
{
    /// <exception cref="SalvorException">
    /// A live etcd has it, it holds data that nobody allowed to put aside, or it is something else.
    /// </exception>
    public static void Run(IFileSystem files, MemberLayout target, bool mayQuarantine)
    {
        RefuseFile(files, target.Root);
        if (target.WalDirectory is { } wal)
        {
            RefuseFile(files, wal);
            RefuseOverlap(files, target, wal);
            mayQuarantine |= SeparateWalSwap.IsClosed(files, wal); // It was allowed to the run that closed it.
            RefuseOtherFiles(files, wal, mayQuarantine);
        }

        LiveEtcd.Refuse(files, target);
        var hasMember = files.Stat(target.Member) is not null;
        if (hasMember && !mayQuarantine)
        {
            throw NotEmpty($"{target.Root} already holds an etcd member.");
        }

        var stranger = Strangers(files, target.Root).Find(n => target.WalDirectory is not { } w
            || !Place.IsSame(files, Path.Combine(target.Root, n), w));
        if (!hasMember && stranger is not null)
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty,
                $"{target.Root} is no etcd data directory: it holds {stranger}.")
            {
                Hint = "Name an empty or new directory, or the one that etcd's --data-dir names.",
            };
        }
    }

    /// <summary>Whether a name in a directory is neither ours nor the file system's own.</summary>
    public static bool IsForeign(string name) =>
        name != "lost+found" && !name.StartsWith(StagingArea.OwnPrefix, StringComparison.Ordinal);

    private static void RefuseOverlap(IFileSystem files, MemberLayout target, string wal)
    {
        if (Place.IsWithin(files, target.Root, wal) || Place.IsWithin(files, wal, target.Member))
        {
            throw new SalvorException(ErrorCode.Usage,
                $"The log can't lie in {wal} when the data lies in {target.Root}.")
            {
                Hint = "Name the directory that etcd's --wal-dir names, or leave --wal-dir out where etcd has none.",
            };
        }
    }

    /// <summary>Everything in a log directory is put aside, so it must be one.</summary>
    private static void RefuseOtherFiles(IFileSystem files, string wal, bool mayQuarantine)
    {
        var names = Strangers(files, wal).Where(name => !SeparateWalSwap.IsPoison(name)).ToList();
        if (names.Find(n => !IsLogFile(n)) is { } stranger)
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty, $"{wal} is no etcd log directory: it holds {stranger}.")
            {
                Hint = "Name an empty or new directory, or the one that etcd's --wal-dir names.",
            };
        }

        if (names.Count > 0 && !mayQuarantine)
        {
            throw NotEmpty($"{wal} already holds files.");
        }
    }

    private static bool IsLogFile(string name) =>
        name.EndsWith(".wal", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal)
        || name.EndsWith(".wal.broken", StringComparison.Ordinal);

    private static SalvorException NotEmpty(string message) => new(ErrorCode.TargetNotEmpty, message)
    {
        Hint = "Add --quarantine to move it aside (nothing is deleted), or name another directory.",
    };

    private static void RefuseFile(IFileSystem files, string path)
    {
        if (files.Stat(path) is { IsDirectory: false })
        {
            throw new SalvorException(ErrorCode.Usage, $"{path} is a file, not a directory.")
            {
                Hint = "Name the directory that etcd's --data-dir (or --wal-dir) names.",
            };
        }
    }

    /// <summary>What is neither ours nor the file system's own.</summary>
    private static List<string> Strangers(IFileSystem files, string directory) =>
        files.Stat(directory) is null
            ? []
            : [.. files.List(directory).Where(IsForeign)];
}
