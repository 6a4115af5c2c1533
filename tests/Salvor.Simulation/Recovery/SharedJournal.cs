using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Lease;
using Salvor.Recovery.Shared;
using Salvor.Repository;

namespace Salvor.Simulation.Recovery;

/// <summary>
/// The guards' journal in the repository: an incident for each plan, and for each page outside of one.
/// </summary>
internal sealed class SharedJournal(StoreJournals<JournalEntry> journals, StoreLease lease, Safety safety) : IJournal
{
    private const int IncidentsMax = 200;

    private IncidentId? _newest;
    private StoreJournal<JournalEntry>? _open;
    private bool _isUnsure;

    public async Task<ImmutableArray<JournalEntry>> ReadAsync(CancellationToken ct)
    {
        _newest = await journals.FindNewestAsync(ct);
        _open = null;
        _isUnsure = false;
        var entries = ImmutableArray.CreateBuilder<JournalEntry>();
        for (var i = Math.Max((_newest?.Value ?? 0) - IncidentsMax, 1); i <= _newest?.Value; i++)
        {
            var journal = journals.Of(new IncidentId(i));
            var found = await journal.ReadAllAsync(ct);
            entries.AddRange(found.Where(entry => entry.IsSane));
            _open = found.Count > 0 && !IsEnd(found[^1]) ? journal : null;
        }

        return entries.ToImmutable();
    }

    public async Task<AppendResult> AppendAsync(JournalEntry entry, CancellationToken ct)
    {
        if (safety.HeedsOthers && !lease.IsHeld)
        {
            return AppendResult.Overtaken;
        }

        try
        {
            var result = await WriteAsync(entry, ct);
            return result == AppendResult.Overtaken && !safety.HeedsOthers ? AppendResult.Written : result;
        }
        catch (SalvorException e) when (e.IsTransient)
        {
            return AppendResult.Away;
        }
    }

    private static bool IsEnd(JournalEntry entry) =>
        entry.Kind is EntryKind.Closed or EntryKind.Advice
        || entry is { Kind: EntryKind.Page, Result: StepResult.Refused };

    private async Task<AppendResult> WriteAsync(JournalEntry entry, CancellationToken ct)
    {
        if (_open is { } open)
        {
            var outcome = await open.AppendAsync(entry, ct);
            if (outcome == JournalOutcome.Written && IsEnd(entry))
            {
                (_newest, _open) = (open.Incident, null);
            }

            return outcome == JournalOutcome.Written ? AppendResult.Written : AppendResult.Overtaken;
        }

        // A page of no plan is an incident of its own; it is marked as ended.
        var first = entry.Kind == EntryKind.Page ? entry with { Result = StepResult.Refused } : entry;
        if (_isUnsure && await journals.FindOpenAsync(IsEnd, ct) is { } begun)
        {
            if (begun.Entries.Count != 1 || begun.Entries[0] != first)
            {
                return AppendResult.Overtaken;
            }

            (_open, _isUnsure) = (begun.Journal, false);
            return AppendResult.Written;
        }

        _isUnsure = true;
        var journal = await journals.TryBeginAsync(_newest, first, ct);
        _isUnsure = false;
        if (journal is null)
        {
            return AppendResult.Overtaken;
        }

        (_newest, _open) = IsEnd(first) ? (journal.Incident, null) : (_newest, journal);
        return AppendResult.Written;
    }
}
