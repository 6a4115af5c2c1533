using System.Globalization;
using Salvor.Errors;

namespace Salvor.Repository.Snapshots;

/// <summary>Finds the snapshot that a person means by an id or the start of one.</summary>
public sealed class SnapshotSearch(OpenRepository repository)
{
    /// <exception cref="SalvorException">There is none, or more than one.</exception>
    public async Task<SnapshotEntry> FindAsync(string id, CancellationToken ct)
    {
        var catalog = new SnapshotCatalog(repository);
        var found = new List<SnapshotEntry>();
        foreach (var timeline in await catalog.ListTimelinesAsync(ct))
        {
            var entries = await catalog.ListAsync(timeline, ct);
            found.AddRange(entries.Where(entry => entry.Id.Value.StartsWith(id, StringComparison.Ordinal)));
        }

        return Choose(id, found);
    }

    private SnapshotEntry Choose(string id, List<SnapshotEntry> found) => found.Count switch
    {
        1 when id.Length > 0 => found[0],
        0 => throw new SalvorException(ErrorCode.NotFound, $"{repository.Store.Location} has no snapshot {id}.")
        {
            Hint = "salvor list shows what there is.",
        },
        _ => throw new SalvorException(ErrorCode.Usage, string.Create(CultureInfo.InvariantCulture,
            $"'{id}' is the start of {found.Count} snapshots' ids, such as {found[0].Id} and {found[^1].Id}."))
        {
            Hint = "Give more of the id.",
        },
    };
}
