using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Recovery.Outside;

/// <summary>The guards' journal in the repository: a plan is an incident, and so is a word to a person.</summary>
/// <remarks>
/// Whatever was lost between two guards, the store tells who wrote an entry at its place: the other one is overtaken,
/// and reads before it does anything. An entry of which this guard does not know whether it was written is such a case,
/// too.
/// </remarks>
internal sealed class GuardJournal(
    StoreJournals<JournalEntry> journals, Func<bool> isHeld, TimeProvider time) : IJournal
{
    /// <summary>Budgets reach back a day, and the engine forgets after two.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    /// <summary>Without all of a day's incidents nobody knows what the budgets still allow.</summary>
    private static readonly TimeSpan Needed = TimeSpan.FromDays(1);

    private const int IncidentsMax = 1000;

    private IncidentId? _newest;
    private StoreJournal<JournalEntry>? _open;

    /// <summary>Why the last entry could not be written; null when it was.</summary>
    public string? Fault { get; private set; }

    public async Task<ImmutableArray<JournalEntry>> ReadAsync(CancellationToken ct)
    {
        _open = null;
        _newest = await journals.FindNewestAsync(ct);
        var all = new Stack<IReadOnlyList<JournalEntry>>();
        for (var at = _newest; at is { Value: > 0 } incident && all.Count < IncidentsMax; at = Before(incident))
        {
            var journal = journals.Of(incident);
            var entries = await journal.ReadAllAsync(ct);
            if (entries.Count == 0)
            {
                break; // Old ones may have been moved away.
            }

            if (incident == _newest && IsOpen(entries))
            {
                _open = journal;
            }

            all.Push(entries);
            if (time.GetUtcNow() - entries[^1].At > Kept)
            {
                break;
            }
        }

        if (all.Count == IncidentsMax && time.GetUtcNow() - all.Peek()[^1].At < Needed)
        {
            throw new SalvorException(
                ErrorCode.Failed, $"The last day's recovery journal has more than {IncidentsMax} incidents.")
            {
                Hint = "Something comes and goes without end. Nothing is done automatically until it is mended.",
            };
        }

        return [.. all.SelectMany(entries => entries).Where(entry => entry.IsSane)];
    }

    public async Task<AppendResult> AppendAsync(JournalEntry entry, CancellationToken ct)
    {
        if (!isHeld())
        {
            return AppendResult.Overtaken;
        }

        try
        {
            var isWritten = _open is { } open
                ? await open.AppendAsync(entry, ct) == JournalOutcome.Written
                : await BeginAsync(entry, ct);
            Fault = null;
            _open = entry.Kind == EntryKind.Closed ? null : _open;
            return isWritten ? AppendResult.Written : AppendResult.Overtaken;
        }
        catch (SalvorException e)
        {
            Fault = e.Message;
            return AppendResult.Away;
        }
    }

    private static IncidentId? Before(IncidentId incident) =>
        incident.Value > 1 ? new IncidentId(incident.Value - 1) : null;

    private static bool IsOpen(IReadOnlyList<JournalEntry> entries) =>
        entries.Any(entry => entry.Kind == EntryKind.Opened) && entries[^1].Kind != EntryKind.Closed;

    private async Task<bool> BeginAsync(JournalEntry entry, CancellationToken ct)
    {
        if (await journals.TryBeginAsync(_newest, entry, ct) is not { } begun)
        {
            return false;
        }

        _newest = begun.Incident;
        _open = entry.Kind == EntryKind.Opened ? begun : null;
        return true;
    }
}
