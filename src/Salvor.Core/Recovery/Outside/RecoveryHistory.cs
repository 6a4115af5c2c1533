using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.ObjectStore;
using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine.Journal;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>What agents and guards did about a cluster in the last day, for people.</summary>
/// <remarks>An entry never changes: it is read once, however often somebody asks.</remarks>
public sealed class RecoveryHistory(StoreJson objects, TimeProvider time)
{
    private const int IncidentsMax = 20;
    private const int EntriesMax = 400;
    private const int NamesMax = 1_000_000;
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);
    private Dictionary<ObjectName, JournalEntry> _known = [];

    /// <summary>The recoveries, oldest first, and what could not be read of them.</summary>
    /// <exception cref="SalvorException">The store did not tell.</exception>
    public async Task<(ImmutableArray<PastRecovery> Recoveries, ImmutableArray<string> Faults)> ReadAsync(
        CancellationToken ct)
    {
        var since = time.GetUtcNow() - Shown;
        var faults = ImmutableArray.CreateBuilder<string>();
        var found = new List<PastRecovery>();
        var read = new Dictionary<ObjectName, JournalEntry>();
        foreach (var agent in await HeartbeatWatch.ListAsync(objects, ct))
        {
            var names = await NamesAsync(agent, since, ct);
            found.AddRange(PastRecovery.Of(agent.Value, await ReadAsync(names, read, faults, ct)));
        }

        foreach (var names in await IncidentsAsync(ct))
        {
            found.AddRange(PastRecovery.Of(by: null, await ReadAsync(names, read, faults, ct)));
        }

        _known = read;
        return ([.. found.Where(one => one.Last >= since).OrderBy(one => one.Began)], faults.ToImmutable());
    }

    /// <summary>An agent's newest entries: their names begin with the day.</summary>
    private async Task<IReadOnlyList<ObjectName>> NamesAsync(HolderId agent, DateTimeOffset since, CancellationToken ct)
    {
        var names = new List<ObjectName>();
        // A day more, for a clock that is ahead.
        var last = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(1);
        for (var day = DateOnly.FromDateTime(since.UtcDateTime); day <= last; day = day.AddDays(1))
        {
            names.AddRange(await objects.ListAsync(RecoveryNames.AgentEntriesOf(agent, day), NamesMax, ct));
        }

        return names.Count <= EntriesMax ? names : names[^EntriesMax..];
    }

    /// <summary>The newest incidents, each by the names of its first entry and its last two, which tell most.</summary>
    private async Task<IEnumerable<IReadOnlyList<ObjectName>>> IncidentsAsync(CancellationToken ct)
    {
        var incidents = new Dictionary<IncidentId, List<ObjectName>>();
        foreach (var name in await objects.ListAsync(RecoveryNames.Incidents, NamesMax, ct))
        {
            if (RecoveryNames.TryParseEntry(name.Value, out var incident, out _))
            {
                incidents.TryAdd(incident, []);
                incidents[incident].Add(name);
            }
        }

        return incidents.OrderBy(one => one.Key.Value).TakeLast(IncidentsMax)
            .Select(one => one.Value.Count <= 3 ? one.Value : [one.Value[0], .. one.Value[^2..]]);
    }

    private async Task<List<JournalEntry>> ReadAsync(
        IEnumerable<ObjectName> names, Dictionary<ObjectName, JournalEntry> read,
        ImmutableArray<string>.Builder faults, CancellationToken ct)
    {
        var entries = new List<JournalEntry>();
        foreach (var name in names)
        {
            try
            {
                if (!_known.TryGetValue(name, out var entry))
                {
                    entry = (await objects.ReadAsync(name, JournalJson.Default.JournalEntry, ct))?.Value;
                }

                if (entry is not null)
                {
                    read[name] = entry;
                    entries.Add(entry);
                }
            }
            catch (Exception e) when (e is CorruptDataException or SalvorException { IsTransient: false })
            {
                faults.Add(e.Message); // One that is damaged hides no other.
            }
        }

        return entries;
    }
}
