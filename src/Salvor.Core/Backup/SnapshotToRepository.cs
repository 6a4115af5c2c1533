using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Repository;
using Salvor.Repository.Keeping;
using Salvor.Repository.Kits;
using Salvor.Repository.Snapshots;

namespace Salvor.Backup;

/// <summary>
/// Takes a snapshot of a running etcd into a repository: only what changed since the last one is stored.
/// </summary>
/// <remarks>
/// The stream is cut into pages as it comes; nothing is spooled. There is no snapshot until its manifest is stored, and
/// that happens only when etcd's hash agrees and the revision was read back out of the stored pages. What a broken
/// attempt stored is found by the next one.
/// </remarks>
public sealed class SnapshotToRepository(ICpuPool pool, IEntropy entropy, TimeProvider time)
{
    /// <summary>
    /// From the look at the prune plans to the commit: docs/formats/repository.md, "Who writes when".
    /// </summary>
    private static readonly TimeSpan AttemptMax = WorkLimit.Usual;

    /// <summary>Where it hashes, compresses and seals; null for where it does everything else.</summary>
    public ICpuPool? BackgroundPool { get; init; }

    private ICpuPool Background => BackgroundPool ?? pool;

    public async Task<SnapshotReport> RunAsync(
        EtcdConnection etcd,
        OpenRepository repository,
        SnapshotOptions options,
        IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var timeMax = options.TimeMax < AttemptMax ? options.TimeMax : AttemptMax;
        using var limit = new CancellationTokenSource(timeMax, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            return await TakeAsync(etcd, repository, options, progress, started, stop.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"The snapshot took longer than {time.GetElapsedTime(started):hh\\:mm\\:ss} and was given up, since "
                + "etcd can't reuse its free pages meanwhile.")
            {
                IsTransient = true,
                Hint = "What was stored is kept: the next snapshot goes on from there.",
            };
        }
    }

    private async Task<SnapshotReport> TakeAsync(
        EtcdConnection etcd,
        OpenRepository repository,
        SnapshotOptions options,
        IProgress<WorkProgress>? progress,
        long started,
        CancellationToken ct)
    {
        var begun = time.GetUtcNow();
        var attemptLimit = new WorkLimit(time, AttemptMax);
        var condemned = await new PrunePlans(repository).ReadCondemnedAsync(ct);
        var attempt = ObjectId.New(time, entropy);
        var catalog = new SnapshotCatalog(repository);
        var timelines = new TimelineChoice(catalog, repository.Store.Location, time);
        var (timeline, newest, source) = await timelines.ChooseAsync(
            stop => SourceNow.AskAsync(etcd, stop), options.BeginsTimeline, ct);

        // Where a plan can't be read, any pack may be about to go: everything is stored anew.
        var image = condemned.IsComplete
            ? await new BaseImageLoader(repository).LoadAsync(timeline, newest, condemned.Of(timeline), ct)
            : new BaseImage();

        using var snapshot = await etcd.Maintenance.OpenSnapshotAsync(ct);
        await using var writer = new ImageWriter(
            repository, Background, timeline, attempt, image, snapshot.ImageBytes, ct);
        using var sink = new RepositorySink(writer, snapshot.ImageBytes, progress);
        var paused = await StreamAsync(snapshot, sink, options, ct);
        var packs = await writer.FinishAsync();
        if (sink.Finish(out var sha256) is { } fault)
        {
            throw Damaged(snapshot, fault);
        }

        var kit = await StoreKitAsync(repository, timeline, newest, options.Kit?.Take(), ct);
        var head = await ReadBackAsync(repository, timeline, image, snapshot.ImageBytes, ct);
        var manifest = new SnapshotManifest
        {
            Id = attempt.Value,
            Timeline = timeline.Value,
            Revision = head.Revision,
            CompactRevision = head.CompactRevision,
            Source = source,
            Begun = begun,
            Finished = time.GetUtcNow(),
            ImageBytes = snapshot.ImageBytes,
            ImageSha256 = sha256,
            ChangedPages = writer.ChangedPages,
            StoredBytes = writer.StoredBytes,
            Packs = [.. packs],
            Kit = kit,
        };
        if (attemptLimit.IsOver)
        {
            throw TooLate();
        }

        await catalog.CommitAsync(manifest, ct);
        return new SnapshotReport(
            manifest,
            repository.Store.Location,
            snapshot.Endpoint,
            newest is null,
            time.GetElapsedTime(started),
            paused);
    }

    /// <returns>How long it waited for etcd's sake.</returns>
    private async Task<TimeSpan> StreamAsync(
        EtcdSnapshot snapshot, ISnapshotSink sink, SnapshotOptions options, CancellationToken ct)
    {
        var pacer = new SnapshotPacer(snapshot.ReadGaugesAsync, options.GrowthMaxBytes, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watching = pacer.WatchAsync(ended);
        try
        {
            await new SnapshotPump(Background, pacer).RunAsync(snapshot, sink, ended.Token);
        }
        catch (OperationCanceledException) when (pacer.GrewTooMuchBytes is not null && !ct.IsCancellationRequested)
        {
            throw GrewTooMuch(pacer.GrewTooMuchBytes.Value);
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }

        return pacer.Paused;
    }

    /// <summary>Stores the kit, unless it is the one of the snapshot before, and can still be read.</summary>
    private async Task<KitReference?> StoreKitAsync(
        OpenRepository repository, TimelineId timeline, SnapshotManifest? newest, KitDocument? kit,
        CancellationToken ct)
    {
        if (kit is null)
        {
            return null;
        }

        var kits = new KitStore(repository, timeline);
        if (newest?.Kit is { } known && known.Fingerprint == KitFingerprint.Of(kit))
        {
            try
            {
                await kits.ReadAsync(known, ct);
                return known;
            }
            catch (CorruptDataException)
            {
                // Damaged in the store: this is the chance to have it whole again.
            }
        }

        return await kits.PutAsync(kit, ObjectId.New(time, entropy), ct);
    }

    /// <summary>Reads the way to the newest revision out of what was stored.</summary>
    private Task<DatabaseHead> ReadBackAsync(
        OpenRepository repository, TimelineId timeline, BaseImage image, long imageBytes, CancellationToken ct) =>
        pool.Run(
            () =>
            {
                using var stored = new StoredImage(repository, timeline, image, imageBytes, ct);
                return DatabaseHead.Read(stored);
            },
            ct);

    private static SalvorException TooLate() =>
        new(ErrorCode.Failed,
            "The snapshot took more than an hour by this machine's clock, which may have slept or been set: it was "
            + "given up, since prune may delete by now what it builds on.")
        {
            IsTransient = true,
            Hint = "What was stored is kept: the next snapshot goes on from there.",
        };

    private static SalvorException GrewTooMuch(long bytes) =>
        new(ErrorCode.Failed,
            $"The snapshot was given up: etcd's database grew by {bytes >> 20} MiB meanwhile, since etcd can't reuse "
            + "pages that a snapshot still reads.")
        {
            IsTransient = true,
            Hint = "What was stored is kept: the next snapshot goes on from there. A quieter hour, or a faster way to "
                + "the repository, makes it shorter.",
        };

    private static SalvorException Damaged(EtcdSnapshot snapshot, string why) =>
        new(ErrorCode.Corrupt, $"The snapshot from {snapshot.Endpoint} did not arrive whole: {why}.")
        {
            IsTransient = true,
            Hint = "Try again; no snapshot was made.",
        };
}
