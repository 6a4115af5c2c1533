using System.Text.Json.Serialization.Metadata;
using Salvor.Errors;
using Salvor.ObjectStore.Probe;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>The journals of a cluster's incidents, of which only the newest may be open.</summary>
/// <remarks>
/// Incidents are numbered without gaps, and one begins with its first entry, on the condition that it is absent. So whoever has read that the newest has ended, and begins the next one, is the only one to do so.
/// </remarks>
public sealed class StoreJournals<T>
    where T : class
{
    /// <summary>How many entries of all incidents a list may have before it is refused.</summary>
    private const int NamesMax = 1_000_000;

    private readonly StoreJson _objects;
    private readonly JsonTypeInfo<T> _type;

    /// <param name="objects">The repository.</param>
    /// <param name="probe">What the probe of this store found.</param>
    /// <param name="type">How an entry is written.</param>
    /// <exception cref="SalvorException">The store does not keep its conditions.</exception>
    public StoreJournals(StoreJson objects, ProbeReport probe, JsonTypeInfo<T> type)
    {
        SwapProof.Require(probe, objects.Location);
        _objects = objects;
        _type = type;
    }

    public StoreJournal<T> Of(IncidentId incident) => new(_objects, incident, _type);

    /// <summary>All incidents that were ever begun and still have entries, oldest first. A list may lag.</summary>
    public async Task<IReadOnlyList<IncidentId>> ListAsync(CancellationToken ct)
    {
        var found = new List<IncidentId>();
        foreach (var name in await _objects.ListAsync(RecoveryNames.Incidents, NamesMax, ct))
        {
            if (RecoveryNames.TryParseEntry(name.Value, out var incident, out _)
                && (found.Count == 0 || found[^1] != incident))
            {
                found.Add(incident);
            }
        }

        return found;
    }

    /// <summary>The newest incident; null when there never was one.</summary>
    public async Task<IncidentId?> FindNewestAsync(CancellationToken ct)
    {
        // The list finds one, and reads go on from there: it may lag, and old incidents may have been moved away.
        var listed = await ListAsync(ct);
        IncidentId? newest = listed.Count == 0 ? null : listed[^1];
        for (var next = newest?.Next ?? new IncidentId(1); await HasBegunAsync(next, ct); next = next.Next)
        {
            newest = next;
        }

        return newest;
    }

    /// <summary>The open incident and its entries; null when the newest has ended, or there is none.</summary>
    /// <param name="isEnd">Whether an entry ends its incident.</param>
    /// <param name="ct">Ends the reading.</param>
    public async Task<OpenIncident<T>?> FindOpenAsync(Func<T, bool> isEnd, CancellationToken ct)
    {
        if (await FindNewestAsync(ct) is not { } newest)
        {
            return null;
        }

        var journal = Of(newest);
        var entries = await journal.ReadAllAsync(ct);
        return entries.Count > 0 && isEnd(entries[^1]) ? null : new OpenIncident<T>(journal, entries);
    }

    /// <summary>Begins the incident after the newest, which the caller has read to have ended.</summary>
    /// <param name="newest">The newest; null when there is none.</param>
    /// <param name="first">Its first entry.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <returns>Null when somebody else began it: read that one.</returns>
    /// <exception cref="SalvorException">
    /// Nobody knows whether it has begun. Look for the open incident before anything else.
    /// </exception>
    public async Task<StoreJournal<T>?> TryBeginAsync(IncidentId? newest, T first, CancellationToken ct)
    {
        var journal = Of(newest?.Next ?? new IncidentId(1));
        return await journal.BeginAsync(first, ct) == JournalOutcome.Written ? journal : null;
    }

    private Task<bool> HasBegunAsync(IncidentId incident, CancellationToken ct) =>
        _objects.IsThereAsync(RecoveryNames.Entry(incident, 1), ct);
}
