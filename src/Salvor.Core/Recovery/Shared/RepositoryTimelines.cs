using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

namespace Salvor.Recovery.Shared;

/// <summary>Tells which timeline is the newest of those that were begun or made active by a recovery.</summary>
/// <remarks>
/// A timeline whose <c>begin</c> is there is in use, whoever began it: the first backup, <c>--new-timeline</c>, or a
/// recovery. One that was made active by a recovery is in use from then on, before it is begun.
/// </remarks>
public sealed class RepositoryTimelines(OpenRepository repository)
{
    /// <summary>More were never activated one after the other without one being begun.</summary>
    private const int ActiveMax = 1000;

    private readonly StoreJson _objects = new(repository);
    private readonly SnapshotCatalog _catalog = new(repository);

    /// <summary>Reads it all anew. Only reads prove, so nothing is listed.</summary>
    /// <exception cref="SalvorException">The store did not tell.</exception>
    /// <exception cref="CorruptDataException">A claim is damaged: nobody may go on before somebody looked.</exception>
    public async Task<TimelineView> ReadAsync(CancellationToken ct)
    {
        var begun = await _catalog.ListTimelinesAsync(ct);
        return await ReadAsync(begun.Count == 0 ? null : begun[^1], ct);
    }

    /// <summary>Looks whether a writer's timeline is still the newest, which takes two or three requests.</summary>
    /// <param name="own">A timeline that the writer knows to be in use.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task<TimelineView> ReadSinceAsync(TimelineId own, CancellationToken ct)
    {
        var begun = own;
        while (await _objects.IsThereAsync(RepositoryNames.Begin(begun.Next), ct))
        {
            begun = begun.Next;
        }

        return await ReadAsync(begun, ct);
    }

    internal static async Task<StoredJson<TimelineClaim>?> ReadClaimAsync(
        StoreJson objects, TimelineId timeline, CancellationToken ct)
    {
        var name = RecoveryNames.Claim(timeline);
        var found = await objects.ReadAsync(name, RecoveryJson.Default.TimelineClaim, ct);
        return found?.Value.Fault(timeline) is { } fault ? throw new CorruptDataException(name.Value, 0, fault) : found;
    }

    private async Task<TimelineView> ReadAsync(TimelineId? begun, CancellationToken ct)
    {
        var newest = begun;
        for (var count = 0; count < ActiveMax; count++)
        {
            var claim = (await ReadClaimAsync(_objects, newest?.Next ?? new TimelineId(1), ct))?.Value;
            if (claim?.State != ClaimState.Active)
            {
                var isBegun = newest is { } last
                    && (newest == begun || await _objects.IsThereAsync(RepositoryNames.Begin(last), ct));
                return new TimelineView(newest, isBegun, claim);
            }

            newest = newest?.Next ?? new TimelineId(1);
        }

        throw new SalvorException(ErrorCode.Corrupt,
            $"{_objects.Location} has more than {ActiveMax} timelines that are active and were never begun.")
        {
            Hint = "Recoveries went round in circles: look at recovery/incidents before anything else is done.",
        };
    }
}
