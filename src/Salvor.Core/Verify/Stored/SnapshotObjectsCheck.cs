using System.Collections;
using Salvor.Formats.Findings;
using Salvor.Repository;
using Salvor.Repository.Packs;
using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>Reads the manifests of a timeline, and holds them against the directories of their packs.</summary>
internal sealed class SnapshotObjectsCheck(OpenRepository repository, IFindingSink findings)
{
    /// <summary>Reads all manifests, newest first.</summary>
    public async Task ReadManifestsAsync(CheckedTimeline timeline, CancellationToken ct)
    {
        var catalog = new SnapshotCatalog(repository);
        foreach (var entry in Enumerable.Reverse(timeline.Objects.Snapshots))
        {
            try
            {
                var manifest = await catalog.ReadAsync(entry, ct);
                timeline.Snapshots.Add(new CheckedSnapshot(entry, manifest, PacksOf(timeline, manifest)));
            }
            catch (Exception e) when (Damage.Is(e))
            {
                findings.Report(Damage.ToFinding(e, "repository.snapshot", entry.Name.Value));
            }
        }
    }

    /// <summary>Whether the packs of each snapshot have all of its pages; those with a damaged pack are damaged anyway.
    /// </summary>
    public void CheckPages(CheckedTimeline timeline)
    {
        foreach (var snapshot in timeline.Snapshots.Where(s => s.IsGood))
        {
            var pages = (snapshot.Manifest.ImageBytes + PackLayout.PageBytes - 1) / PackLayout.PageBytes;
            var found = new BitArray((int)pages);
            foreach (var run in snapshot.Packs.SelectMany(pack => pack.Runs ?? []))
            {
                for (var page = run.First; page < Math.Min(run.End, pages); page++)
                {
                    found[(int)page] = true;
                }
            }

            if (!found.HasAllSet())
            {
                snapshot.IsDamaged = true;
                var missing = Enumerable.Range(0, found.Length).Where(page => !found[page]).ToList();
                findings.Report(new Finding(
                    Severity.Error, "repository.snapshot.pages", snapshot.Entry.Name.Value, Offset: null,
                    $"none of its packs has {missing.Count} of the image's {pages} pages; the first is page "
                    + $"{missing[0]}"));
            }
        }
    }

    /// <summary>
    /// What attempts left that were cut short: counted, since prune and the next snapshot deal with it.
    /// </summary>
    public void CountOrphans(CheckedTimeline timeline)
    {
        var orphans = timeline.Objects.Packs.Where(pack => !timeline.Packs.ContainsKey(pack.Key)).ToList();
        if (orphans.Count > 0)
        {
            findings.Report(new Finding(Severity.Info, "repository.pack.orphan",
                RepositoryNames.Packs(timeline.Timeline), Offset: null,
                $"{orphans.Count} packs of {orphans.Sum(pack => pack.Value)} bytes belong to no snapshot"));
        }
    }

    private static CheckedPack[] PacksOf(CheckedTimeline timeline, SnapshotManifest manifest)
    {
        var packs = new CheckedPack[manifest.Packs.Length];
        for (var i = 0; i < packs.Length; i++)
        {
            var (name, bytes, _, _) = manifest.Packs[i];
            if (!timeline.Packs.TryGetValue(name, out var pack))
            {
                pack = new CheckedPack(RepositoryNames.Pack(timeline.Timeline, name), bytes);
                timeline.Packs.Add(name, pack);
            }

            packs[i] = pack;
        }

        return packs;
    }
}
