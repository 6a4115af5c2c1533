using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Progress;

namespace Salvor.Verify;

/// <summary>Checks whatever of etcd's a path names.</summary>
public sealed class Verification(IFileSystem files, ICpuPool pool, TimeProvider time)
{
    /// <param name="path">A snapshot, a database file, or the data directory of a stopped etcd.</param>
    /// <param name="walDirectory">The log's own directory, where etcd has a <c>--wal-dir</c>.</param>
    /// <param name="progress">Told now and then.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<VerifyReport> RunAsync(
        string path, string? walDirectory, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var findings = new FindingList();
        if (files.Stat(path) is { IsDirectory: true })
        {
            var facts = await CheckDirectoryAsync(new MemberLayout(path, walDirectory), findings, progress, ct);
            return new VerifyReport(path, VerifiedKind.DataDirectory, facts, findings, time.GetElapsedTime(started));
        }

        using var file = DatabaseFile.Open(files, path);
        var database = await new DatabaseCheck(file, findings, pool).RunAsync(progress, ct);
        var kind = file.Kind == DatabaseFileKind.Snapshot ? VerifiedKind.Snapshot : VerifiedKind.Backend;
        return new VerifyReport(path, kind, database, findings, time.GetElapsedTime(started));
    }

    private async Task<DatabaseFacts?> CheckDirectoryAsync(
        MemberLayout layout, FindingList findings, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        if (files.Stat(layout.Member) is not { IsDirectory: true })
        {
            throw new SalvorException(ErrorCode.WrongKind,
                $"{layout.Root} is no etcd data directory: it has no member/ in it.")
            {
                Hint = "Name the directory that etcd's --data-dir names, /var/lib/etcd on a kubeadm node.",
            };
        }

        LiveEtcd.Refuse(files, layout);
        return await new DirectoryCheck(files, pool, layout, findings).RunAsync(progress, ct);
    }
}
