using Salvor.Errors;
using Salvor.Formats.Findings;
using Salvor.Platform;
using Salvor.Progress;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>Checks a repository: that every snapshot and the log are whole, and as deep as asked that they can be read.
/// </summary>
/// <remarks>
/// Damage is never an exception here but a finding, and the check goes on behind it. Exceptions are for a store that
/// fails and a disk that is full. Memory: the runs of pages of each pack, and some packs under way.
/// </remarks>
public sealed class RepositoryCheck(
    OpenRepository repository, IFileSystem files, ICpuPool pool, IEntropy entropy, TimeProvider time)
{
    public async Task<RepositoryCheckReport> RunAsync(
        RepositoryCheckOptions options, IProgress<WorkProgress>? progress, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var findings = new FindingList();
        var objects = await RepositoryObjects.ReadAsync(repository.Store, ct);
        await new EntryCheck(repository, pool, findings).RunAsync(objects, ct);
        var timelines = objects.Timelines.Reverse().Select(found => new CheckedTimeline(found)).ToList();
        await CheckStructureAsync(timelines, findings, progress, ct);

        var image = new ImageCheck(repository, files, pool, entropy, findings);
        var imageOf = options.ReadsAll ? await ChooseImageAsync(timelines, options, ct) : null;
        if (imageOf is not null)
        {
            image.RequireSpace(imageOf.Manifest, options.ScratchDirectory);
        }

        var data = new DataCheck(repository, pool, findings);
        await data.RunAsync(timelines, options, progress, ct);
        timelines.ForEach(new LogCheck(findings).Run);
        var facts = imageOf is { IsGood: true }
            ? await image.RunAsync(imageOf, options.ScratchDirectory, progress, ct)
            : null;
        var recordFault = options.IsRecorded ? await RecordAsync(timelines, options, findings, ct) : null;
        return new RepositoryCheckReport
        {
            Location = repository.Store.Location,
            Depth = DepthOf(options),
            Seed = options.Seed,
            Timelines = timelines.Count,
            Snapshots = timelines.Sum(t => t.Objects.Snapshots.Count),
            GoodSnapshots = timelines.Sum(t => t.Snapshots.Count(s => s.IsGood)),
            Packs = timelines.Sum(t => t.Packs.Count),
            Segments = timelines.Sum(t => t.Objects.Segments.Count),
            ReadObjects = data.ReadObjects,
            ReadBytes = data.ReadBytes,
            ImageOf = facts is null ? null : imageOf?.Manifest,
            Database = facts,
            RecordFault = recordFault,
            Findings = findings,
            Elapsed = time.GetElapsedTime(started),
        };
    }

    private async Task CheckStructureAsync(
        List<CheckedTimeline> timelines, FindingList findings, IProgress<WorkProgress>? progress,
        CancellationToken ct)
    {
        var snapshots = new SnapshotObjectsCheck(repository, findings);
        var packs = new PackObjectsCheck(repository, findings);
        var kits = new KitCheck(repository, findings);
        foreach (var timeline in timelines)
        {
            await snapshots.ReadManifestsAsync(timeline, ct);
            await packs.RunAsync(timeline, progress, ct);
            snapshots.CheckPages(timeline);
            snapshots.CountOrphans(timeline);
            await kits.RunAsync(timeline, ct);
        }
    }

    private async Task<CheckedSnapshot?> ChooseImageAsync(
        List<CheckedTimeline> timelines, RepositoryCheckOptions options, CancellationToken ct)
    {
        var good = timelines.SelectMany(t => t.Snapshots).Where(s => s.IsGood);
        if (options.Snapshot is null)
        {
            return good.FirstOrDefault();
        }

        var wanted = await new SnapshotSearch(repository).FindAsync(options.Snapshot, ct);
        return good.FirstOrDefault(s => s.Entry.Id == wanted.Id);
    }

    /// <summary>Records what was found good.</summary>
    /// <returns>Why that could not be done: who only reads a repository may verify it all the same.</returns>
    private async Task<string?> RecordAsync(
        List<CheckedTimeline> timelines, RepositoryCheckOptions options, FindingList findings, CancellationToken ct)
    {
        try
        {
            foreach (var timeline in timelines)
            {
                var checks = new SnapshotChecks(repository, timeline.Timeline);
                foreach (var snapshot in timeline.Snapshots.Where(s => s.IsGood))
                {
                    var check = new SnapshotCheck
                    {
                        Snapshot = snapshot.Entry.Id.Value,
                        Depth = (CheckDepth)Math.Min((int)snapshot.Depth, (int)DepthOf(options)),
                        Image = snapshot.IsImageChecked,
                        Checked = time.GetUtcNow(),
                        Findings = CountOf(snapshot, findings),
                        Version = options.Version,
                    };
                    await checks.RecordAsync(check, time, entropy, ct);
                }
            }

            return null;
        }
        catch (SalvorException e)
        {
            return e.Message;
        }
    }

    private static CheckDepth DepthOf(RepositoryCheckOptions options) => options.ReadsAll ? CheckDepth.All
        : options.ReadPercent > 0 ? CheckDepth.Sample
        : CheckDepth.Structure;

    private static int CountOf(CheckedSnapshot snapshot, FindingList findings) =>
        findings.Kept.Count(f => f.Severity != Severity.Info && f.Source == snapshot.Entry.Name.Value);
}
