using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>Looks at a restore's target before anything is written: whether it is what somebody would want replaced.</summary>
internal static class TargetCheck
{
    /// <exception cref="SalvorException">A live etcd has it, it holds data that nobody allowed to put aside, or it is something else.</exception>
    public static void Run(IFileSystem files, MemberLayout target, bool mayQuarantine)
    {
        RefuseFile(files, target.Root);
        LiveEtcd.Refuse(files, target);
        var hasMember = files.Stat(target.Member) is not null;
        if (hasMember && !mayQuarantine)
        {
            throw NotEmpty($"{target.Root} already holds an etcd member.");
        }

        if (!hasMember && Strangers(files, target.Root) is [var stranger, ..])
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty, $"{target.Root} is no etcd data directory: it holds {stranger}.")
            {
                Hint = "Name an empty or new directory, or the one that etcd's --data-dir names.",
            };
        }

        if (target.WalDirectory is { } wal)
        {
            RefuseFile(files, wal);
            if (Strangers(files, wal).Any(name => !SeparateWalSwap.IsPoison(name)) && !mayQuarantine)
            {
                throw NotEmpty($"{wal} already holds files.");
            }
        }
    }

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
            : [.. files.List(directory).Where(n => n != "lost+found" && !n.StartsWith(StagingArea.OwnPrefix, StringComparison.Ordinal))];
}
