using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Repository;
using Salvor.Repository.Snapshots;
using Salvor.Restore.FromRepository;

namespace Salvor.Restore.Export;

/// <summary>Makes an ordinary etcd snapshot file of any moment that a repository leads to.</summary>
/// <remarks>
/// The moment of a snapshot gives the bytes that etcd sent. For any other one the content is written anew, with every
/// bucket as it was: what makes it a new member's is left to whoever restores the file.
/// </remarks>
public sealed class SnapshotExport(IFileSystem files, ICpuPool pool, IEntropy entropy, TimeProvider time)
{
    /// <exception cref="SalvorException">The repository does not lead there, the file exists, or the disk is full.
    /// </exception>
    public async Task<ExportReport> RunAsync(
        OpenRepository repository, RestorePoint point, string targetFile, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var started = time.GetTimestamp();
        using var target = NewFile.Begin(files, targetFile, entropy);
        var planner = new RestorePlanner(repository);
        var plan = await planner.PlanAsync(point, [], ct);
        while (true)
        {
            try
            {
                RequireSpace(target.Path, plan);
                target.File.SetLength(0);
                var isAsSent = plan.Revision == plan.Base.Revision;
                var sha256 = isAsSent
                    ? await CopyAsync(repository, plan.Base, target.File, progress, ct)
                    : await RewriteAsync(repository, plan, target, progress, ct);
                var size = target.File.Length;
                target.Commit();
                return new ExportReport(target.Path, plan, isAsSent, size, sha256, time.GetElapsedTime(started));
            }
            catch (Exception e) when (RestorePlanner.IsDamage(e) && point is not RestorePoint.Snapshot)
            {
                // A step back along the snapshots; what it costs is in the report.
                var damaged = new PassedOver(plan.Base.Id, plan.Base.Revision, e.Message);
                plan = await planner.PlanAsync(point, [.. plan.PassedOver, damaged], ct);
            }
        }
    }

    private async Task<string> CopyAsync(
        OpenRepository repository, SnapshotManifest manifest, IFile file, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        await FetchAsync(repository, manifest, file, progress, ct);
        file.WriteAt(manifest.ImageBytes, Convert.FromHexString(manifest.ImageSha256));
        return manifest.ImageSha256;
    }

    private async Task<string> RewriteAsync(
        OpenRepository repository, RestorePlan plan, NewFile target, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        // Never given its name, and so deleted at the end.
        using var image = NewFile.Begin(files, target.Path + ".image", entropy);
        await FetchAsync(repository, plan.Base, image.File, progress, ct);
        return await pool.Run(
            () =>
            {
                var content = RepositoryRestore.Open(repository, plan, image.File, progress, ct);
                var bytes = PlainBackend.Write(content, new DatabaseSink(target.File));
                target.File.SetLength(bytes);
                var sha256 = RepositoryRestore.HashOf(new ByteSourceSlice(target.File, bytes), ct);
                target.File.WriteAt(bytes, Convert.FromHexString(sha256));
                return sha256;
            },
            ct);
    }

    private async Task FetchAsync(
        OpenRepository repository, SnapshotManifest manifest, IFile file, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        file.SetLength(manifest.ImageBytes);
        await new ImageFetch(repository, pool).RunAsync(manifest, file, progress, ct);
        RepositoryRestore.RequireHash(manifest, await pool.Run(() => RepositoryRestore.HashOf(file, ct), ct));
    }

    private void RequireSpace(string target, RestorePlan plan)
    {
        var directory = Path.GetDirectoryName(target) ?? "/";
        var needed = plan.Revision == plan.Base.Revision
            ? plan.Base.ImageBytes + DatabaseFile.HashBytes
            : plan.DiskBytes;
        var free = files.FreeBytes(directory);
        if (free < needed)
        {
            throw new SalvorException(ErrorCode.NoSpace,
                $"{directory} has {free} bytes free, and the export needs up to {needed}.")
            {
                Hint = "Free some space, or name a file on a larger file system.",
            };
        }
    }
}
