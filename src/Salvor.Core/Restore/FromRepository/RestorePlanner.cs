using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

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
        for (var i = timelines.Count - 1; i >= 0; i--)
        {
            var candidates = Suitable(await _catalog.ListAsync(timelines[i], ct), point);
            foreach (var entry in candidates.Where(entry => skipped.TrueForAll(p => p.Snapshot != entry.Id.Value)))
            {
                try
                {
                    var manifest = await _catalog.ReadAsync(entry, ct);
                    return new RestorePlan { Base = manifest, Revision = manifest.Revision, PassedOver = skipped };
                }
                catch (CorruptDataException e)
                {
                    skipped.Add(new PassedOver(entry.Id.Value, entry.Revision, e.Message));
                }
            }
        }

        throw Nothing(point, skipped);
    }

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
