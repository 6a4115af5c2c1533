using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;
using Salvor.Restore.Log;

namespace Salvor.Restore.FromRepository;

/// <summary>Finds the snapshot to begin with, and steps back past those that are damaged.</summary>
public sealed class RestorePlanner(OpenRepository repository)
{
    private readonly SnapshotCatalog _catalog = new(repository);

    /// <param name="point">Where to go back to.</param>
    /// <param name="passedOver">Snapshots that turned out to be damaged.</param>
    /// <param name="ct">Ends the looking.</param>
    public async Task<RestorePlan> PlanAsync(
        RestorePoint point, IReadOnlyList<PassedOver> passedOver, CancellationToken ct)
    {
        var timelines = await _catalog.ListTimelinesAsync(ct);
        var skipped = passedOver.ToList();
        SalvorException? notReached = null;
        for (var i = timelines.Count - 1; i >= 0; i--)
        {
            var candidates = Suitable(await _catalog.ListAsync(timelines[i], ct), point);
            foreach (var entry in candidates.Where(entry => skipped.TrueForAll(p => p.What != entry.Id.Value)))
            {
                try
                {
                    var manifest = await _catalog.ReadAsync(entry, ct);
                    var revision = await RevisionAsync(entry, point, ct);
                    return new RestorePlan { Base = manifest, Revision = revision, PassedOver = skipped };
                }
                catch (SalvorException e) when (e.Code == ErrorCode.NotFound && point is RestorePoint.AtRevision)
                {
                    // Older ones reach no farther by the same log; a later one may have it in its own history.
                    notReached ??= e;
                    break;
                }
                catch (Exception e) when (IsDamage(e))
                {
                    skipped.Add(new PassedOver(entry.Id.Value, entry.Revision, e.Message));
                }
            }
        }

        return point is RestorePoint.AtRevision { Revision: var wanted }
            && await FindInHistoryAsync(timelines, wanted, skipped, ct) is { } plan
            ? plan
            : throw notReached ?? Nothing(point, skipped);
    }

    /// <summary>A later snapshot whose history reaches back to the revision: what came after is left out.</summary>
    private async Task<RestorePlan?> FindInHistoryAsync(
        IReadOnlyList<TimelineId> timelines, long wanted, List<PassedOver> skipped, CancellationToken ct)
    {
        foreach (var timeline in timelines.Reverse())
        {
            var later = (await _catalog.ListAsync(timeline, ct)).Where(entry => entry.Revision > wanted);
            foreach (var entry in later.Where(entry => skipped.TrueForAll(p => p.What != entry.Id.Value)))
            {
                try
                {
                    var manifest = await _catalog.ReadAsync(entry, ct);
                    if (manifest.CompactRevision <= wanted)
                    {
                        return new RestorePlan { Base = manifest, Revision = wanted, PassedOver = skipped };
                    }
                }
                catch (Exception e) when (IsDamage(e))
                {
                    // An even later one may have the same history. What ends the search is said by its caller.
                }
            }
        }

        return null;
    }

    /// <summary>A version that is too new may be a flipped bit; an older object serves either way.</summary>
    internal static bool IsDamage(Exception e) =>
        e is CorruptDataException or SalvorException { Code: ErrorCode.Corrupt or ErrorCode.NewerFormat };

    /// <summary>How far the log leads from the snapshot towards the point.</summary>
    private async Task<long> RevisionAsync(SnapshotEntry entry, RestorePoint point, CancellationToken ct)
    {
        if (point is RestorePoint.Snapshot)
        {
            return entry.Revision;
        }

        var log = new LogEntries(new SegmentStore(repository, entry.Timeline));
        if (point is RestorePoint.AtTime at)
        {
            return await log.RevisionAtAsync(entry.Revision, at.Time, ct);
        }

        var end = await log.EndAsync(entry.Revision, ct);
        return point is RestorePoint.AtRevision { Revision: var wanted }
            ? end >= wanted ? wanted : throw NotReached(wanted, end)
            : end;
    }

    private SalvorException NotReached(long wanted, long end) => new(ErrorCode.NotFound,
        $"{repository.Store.Location} does not lead to revision {wanted}: without a gap it goes to {end}.")
    {
        Hint = "salvor status shows how far the log goes; --to latest restores the newest that there is.",
    };

    private static IEnumerable<SnapshotEntry> Suitable(IReadOnlyList<SnapshotEntry> entries, RestorePoint point) =>
        entries.Reverse().Where(entry => point switch
        {
            RestorePoint.Snapshot named => entry.Id.Value.StartsWith(named.Id, StringComparison.Ordinal),
            RestorePoint.AtRevision at => entry.Revision <= at.Revision,
            RestorePoint.AtTime at => entry.Stored <= at.Time,
            _ => true,
        });

    private SalvorException Nothing(RestorePoint point, List<PassedOver> skipped)
    {
        var what = point switch
        {
            RestorePoint.Snapshot named => $"no snapshot {named.Id}",
            RestorePoint.AtRevision at => $"no snapshot of revision {at.Revision} or before",
            RestorePoint.AtTime at => $"no snapshot of {at.Time:u} or before",
            _ => "no snapshot",
        };
        return skipped.Count == 0
            ? new SalvorException(ErrorCode.NotFound, $"{repository.Store.Location} has {what}.")
            {
                Hint = "salvor list shows what there is.",
            }
            : new SalvorException(ErrorCode.Corrupt,
                $"{repository.Store.Location} has {what} that can be used: {skipped[0].Why}.")
            {
                Hint = $"{skipped.Count} damaged ones were passed over. salvor verify --repository tells what is "
                    + "whole.",
            };
    }
}
