using System.Security.Cryptography;
using Salvor.DataDirectory;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Formats.Bytes;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Repository;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;
using Salvor.Restore.Log;

namespace Salvor.Restore.FromRepository;

/// <summary>Makes a data directory that etcd boots as a new single member, out of a repository.</summary>
/// <remarks>
/// The image is first brought back beside the target, many packs at a time, in whatever order they come; then the tree
/// in it is rewritten in key order into a fresh file, while another thread holds the image's SHA-256 against what etcd
/// sent. The target changes in one last step, as with any restore.
/// </remarks>
public sealed class RepositoryRestore(IFileSystem files, ICpuPool pool, TimeProvider time)
{
    private const string ImageName = "image";
    private const int BlockBytes = 1 << 20;

    public async Task<RepositoryRestoreReport> RunAsync(
        OpenRepository repository,
        RestorePoint point,
        RestoreOptions options,
        IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var started = time.GetTimestamp();
        options.Require();
        var planner = new RestorePlanner(repository);
        var plan = await planner.PlanAsync(point, [], ct);
        while (true)
        {
            try
            {
                var report = await WriteAsync(repository, plan, options, started, progress, ct);
                return new RepositoryRestoreReport(report, plan);
            }
            catch (LogGapException e) when (point is RestorePoint.Latest or RestorePoint.AtTime)
            {
                // No snapshot leads past the gap, or it would be the base: what comes before it is the most there is.
                var missing = new PassedOver("the log", e.Gap.First, e.Message);
                plan = plan with { Revision = e.Gap.First - 1, PassedOver = [.. plan.PassedOver, missing] };
            }
            catch (Exception e) when (RestorePlanner.IsDamage(e) && point is not RestorePoint.Snapshot)
            {
                // A step back along the snapshots; what it costs is in the report.
                var damaged = new PassedOver(plan.Base.Id, plan.Base.Revision, e.Message);
                plan = await planner.PlanAsync(point, [.. plan.PassedOver, damaged], ct);
            }
        }
    }

    private async Task<RestoreReport> WriteAsync(
        OpenRepository repository,
        RestorePlan plan,
        RestoreOptions options,
        long started,
        IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var target = new MemberLayout(options.DataDirectory, options.WalDirectory);
        using var staged = StagedMember.Begin(files, target, options.MayQuarantine, time);
        RequireSpace(staged.Layout.Root, plan);
        var imagePath = Path.Combine(staged.Layout.Root, ImageName);
        using var image = files.CreateNew(imagePath, MemberLayout.FileMode);
        image.SetLength(plan.Base.ImageBytes);
        await new ImageFetch(repository, pool).RunAsync(plan.Base, image, progress, ct);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var hash = pool.Run(() => HashOf(image, stop.Token), stop.Token);
        MemberBuild build;
        try
        {
            var source = $"snapshot {plan.Base.Id}";
            build = MemberBuild.Write(
                files, staged, heard => Open(repository, plan, image, heard, ct), source, options, progress, ct);
            RequireHash(plan.Base, await hash);
        }
        finally
        {
            await stop.CancelAsync();
            await hash.ContinueWith(static _ =>
                { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        files.DeleteOwnFile(imagePath);
        ct.ThrowIfCancellationRequested();
        var quarantines = staged.Commit();
        return build.Report(
            repository.Store.Location, plan.Base.ImageSha256, plan.Base.ImageBytes, quarantines,
            time.GetElapsedTime(started));
    }

    internal static IBackendContent Open(
        OpenRepository repository,
        RestorePlan plan,
        IFile image,
        IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var content = new ImageContent(image, progress, ct);
        if (plan.IsCut)
        {
            return new CutContent(content, plan.Revision);
        }

        if (plan.LogRevisions == 0)
        {
            return content;
        }

        var log = new LogEntries(new SegmentStore(repository, new TimelineId(plan.Base.Timeline)));
        return new LoggedContent(content, log, plan.Base.Revision, plan.Revision, progress, ct);
    }

    private void RequireSpace(string directory, RestorePlan plan)
    {
        var free = files.FreeBytes(directory);
        if (free < plan.DiskBytes)
        {
            throw new SalvorException(ErrorCode.NoSpace,
                $"{directory} has {free} bytes free, and the restore needs up to {plan.DiskBytes}.")
            {
                Hint = "Free some space, or restore into a directory on a larger file system.",
            };
        }
    }

    internal static string HashOf(IByteSource image, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = GC.AllocateUninitializedArray<byte>(BlockBytes);
        for (var offset = 0L; offset < image.Length;)
        {
            ct.ThrowIfCancellationRequested();
            var count = image.ReadAt(offset, block);
            hash.AppendData(block, 0, count);
            offset += count;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static void RequireHash(SnapshotManifest manifest, string sha256)
    {
        if (sha256 != manifest.ImageSha256)
        {
            throw new CorruptDataException($"snapshot {manifest.Id}", 0,
                $"its image has the SHA-256 {sha256}, and etcd sent {manifest.ImageSha256}");
        }
    }
}
