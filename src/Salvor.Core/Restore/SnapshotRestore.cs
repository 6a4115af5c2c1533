using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Platform;
using Salvor.Progress;

namespace Salvor.Restore;

/// <summary>Makes a data directory that etcd boots as a new single member, out of a snapshot file.</summary>
/// <remarks>
/// The snapshot is read once: one thread checks its hash while this one rewrites the tree into a fresh, defragmented
/// file beside the target. Only when both are done, and everything is on disk, the member is put in place in one step;
/// until then the target is as it was. No etcd binary is needed.
/// </remarks>
public sealed class SnapshotRestore(IFileSystem files, ICpuPool pool, TimeProvider time)
{
    public async Task<RestoreReport> RunAsync(
        string snapshotPath, RestoreOptions options, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        options.Require();
        using var source = DatabaseFile.Open(files, snapshotPath);
        if (source.Kind == DatabaseFileKind.Backend && !options.SkipsHashCheck)
        {
            throw new SalvorException(ErrorCode.Corrupt,
                $"{snapshotPath} has no hash at its end: it is a copied database, or a snapshot that was cut short.")
            {
                Hint = "If it is a copy of a stopped etcd's member/snap/db, add --skip-hash-check; every page and "
                    + "entry is then checked first.",
            };
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var hash = CheckSource(source, stop.Token);
        try
        {
            return await WriteAsync(source, hash, options, started, progress, stop.Token);
        }
        catch (Exception e)
        {
            // Whichever of the two threads failed first has the better reason, and a wrong hash the best of all.
            await stop.CancelAsync();
            await hash.ContinueWith(static _ =>
                { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            if (hash.Exception?.InnerException is SalvorException { Code: ErrorCode.Corrupt } mismatch
                && e is not SalvorException { Code: ErrorCode.NoSpace })
            {
                throw mismatch;
            }

            throw;
        }
    }

    private Task<string?> CheckSource(DatabaseFile source, CancellationToken ct) => pool.Run(
        () =>
        {
            if (source.Kind == DatabaseFileKind.Snapshot)
            {
                return source.CheckHash(progress: null, ct);
            }

            StrictCheck.Run(source.Image, ct);
            return null;
        },
        ct);

    private async Task<RestoreReport> WriteAsync(
        DatabaseFile source, Task<string?> hash, RestoreOptions options, long started,
            IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var target = new MemberLayout(options.DataDirectory, options.WalDirectory);
        using var staged = StagedMember.Begin(files, target, options.MayQuarantine, time);
        var build = MemberBuild.Write(
            files, staged, heard => new ImageContent(source.Image, heard, ct), source.Path, options, progress, ct);
        var sha256 = await hash;
        ct.ThrowIfCancellationRequested();
        var quarantines = staged.Commit();
        return build.Report(source.Path, sha256, source.FileBytes, quarantines, time.GetElapsedTime(started));
    }
}
