using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Repository.Keeping;

/// <summary>Looks through a whole repository: every snapshot is read, everything else is listed.</summary>
internal sealed class InventoryReader(OpenRepository repository, VerifiedSnapshots verified)
{
    private const int Parallel = 8;

    private readonly SnapshotCatalog _catalog = new(repository);

    public async Task<ImmutableArray<TimelineInventory>> ReadAsync(CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<TimelineInventory>();
        foreach (var timeline in await _catalog.ListTimelinesAsync(ct))
        {
            found.Add(await ReadAsync(timeline, ct));
        }

        return found.ToImmutable();
    }

    private async Task<TimelineInventory> ReadAsync(TimelineId timeline, CancellationToken ct)
    {
        // What refers comes after what is referred to: a snapshot that is committed meanwhile is seen.
        var packs = await ListAsync(RepositoryNames.Packs(timeline), RepositoryNames.IsPack, ct);
        var checks = await ListAsync(RepositoryNames.Checks(timeline), _ => true, ct);
        var log = new LogCoverage();
        await foreach (var (segment, _) in new SegmentStore(repository, timeline).ListObjectsAsync(ct))
        {
            log.Add(segment.First, segment.Last);
        }

        var snapshots = await ReadSnapshotsAsync(timeline, ct);
        return new TimelineInventory(
            await ReadTimelineAsync(timeline, log, ct), snapshots, packs, checks, await verified(timeline, ct));
    }

    private async Task<KeepingTimeline> ReadTimelineAsync(TimelineId timeline, LogCoverage log, CancellationToken ct)
    {
        var info = await repository.Store.HeadAsync(RepositoryNames.Begin(timeline), ct);
        var stored = info?.Modified ?? DateTimeOffset.MaxValue;
        try
        {
            var begin = await _catalog.ReadBeginAsync(timeline, ct);
            TimelineId? parent = begin.Parent is { } number ? new TimelineId(number) : null;
            return new KeepingTimeline(timeline, stored, parent, begin.ParentRevision ?? 0, log);
        }
        catch (Exception e) when (IsDamage(e))
        {
            // Whatever it forked from, it was the timeline before it most likely, and that one is kept whole.
            TimelineId? before = timeline.Value > 1 ? new TimelineId(timeline.Value - 1) : null;
            return new KeepingTimeline(timeline, stored, before, long.MaxValue, log);
        }
    }

    private async Task<ImmutableArray<(SnapshotEntry Entry, SnapshotManifest? Manifest)>> ReadSnapshotsAsync(
        TimelineId timeline, CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<(SnapshotEntry, SnapshotManifest?)>();
        foreach (var chunk in (await _catalog.ListAsync(timeline, ct)).Chunk(Parallel))
        {
            var read = await Task.WhenAll(chunk.Select(entry => ReadAsync(entry, ct)));
            found.AddRange(read.OfType<(SnapshotEntry, SnapshotManifest?)>());
        }

        return found.ToImmutable();
    }

    /// <returns>Null when it is not there any more.</returns>
    private async Task<(SnapshotEntry, SnapshotManifest?)?> ReadAsync(SnapshotEntry entry, CancellationToken ct)
    {
        try
        {
            return (entry, await _catalog.ReadAsync(entry, ct));
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NotFound)
        {
            return null;
        }
        catch (Exception e) when (IsDamage(e))
        {
            return (entry, null);
        }
    }

    private async Task<ImmutableArray<ObjectInfo>> ListAsync(
        string folder, Func<string, bool> isWanted, CancellationToken ct)
    {
        var found = ImmutableArray.CreateBuilder<ObjectInfo>();
        await foreach (var info in repository.Store.ListAsync(folder, startAfter: null, ct))
        {
            if (isWanted(info.Name.Value[folder.Length..]))
            {
                found.Add(info);
            }
        }

        return found.ToImmutable();
    }

    private static bool IsDamage(Exception e) =>
        e is CorruptDataException or SalvorException { Code: ErrorCode.Corrupt };
}
