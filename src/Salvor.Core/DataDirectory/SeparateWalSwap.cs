using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>Replaces a member whose log lies in a directory of its own, which may be another file system.</summary>
/// <remarks>
/// Two file systems can't change in one step, and an etcd that starts on the new data with the old log (or the other way
/// round) may replay one onto the other. So the log directory is first made unbootable: a file named as a log segment far
/// beyond any other makes every etcd stop with an error about a missing segment. Then the old log goes into quarantine, the
/// member is swapped, the new log moves in, and the barrier is taken away last. A crash on the way leaves a directory that
/// etcd refuses, old and new data whole, and a restore that only has to be run again.
/// </remarks>
internal sealed class SeparateWalSwap(IFileSystem files, string walDirectory, string stagedWal)
{
    private const string Poison = "7fffffffffffffff-7fffffffffffffff.wal";

    public static bool IsPoison(string name) => name == Poison;

    public void Run(string stamp, List<string> quarantines, Action swapMember)
    {
        var poison = Path.Combine(walDirectory, Poison);
        var old = files.List(walDirectory)
            .Where(n => n != "lost+found" && !n.StartsWith(StagingArea.OwnPrefix, StringComparison.Ordinal) && n != Poison)
            .ToList();
        if (files.Stat(poison) is null)
        {
            files.CreateNew(poison, MemberLayout.FileMode).Dispose();
            files.CopyOwner(walDirectory, poison);
        }

        files.FlushDirectory(walDirectory);
        if (old.Count > 0)
        {
            PutAside(old, stamp, quarantines);
        }

        swapMember();
        foreach (var name in files.List(stagedWal).Where(n => n.EndsWith(".wal", StringComparison.Ordinal)))
        {
            files.Rename(Path.Combine(stagedWal, name), Path.Combine(walDirectory, name));
        }

        files.FlushDirectory(walDirectory);
        files.DeleteOwnFile(poison);
        files.FlushDirectory(walDirectory);
    }

    private void PutAside(List<string> names, string stamp, List<string> quarantines)
    {
        var quarantine = Quarantine.Make(files, walDirectory, stamp);
        foreach (var name in names)
        {
            files.Rename(Path.Combine(walDirectory, name), Path.Combine(quarantine, name));
        }

        files.FlushDirectory(quarantine);
        files.FlushDirectory(walDirectory);
        quarantines.Add(quarantine);
    }
}
