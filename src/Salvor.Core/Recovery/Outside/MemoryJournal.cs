using System.Collections.Immutable;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;

namespace Salvor.Recovery.Outside;

/// <summary>The journal of a guard that only advises: it has nothing to go on with.</summary>
internal sealed class MemoryJournal : IJournal
{
    public Task<ImmutableArray<JournalEntry>> ReadAsync(CancellationToken ct) =>
        Task.FromResult(ImmutableArray<JournalEntry>.Empty);

    public Task<AppendResult> AppendAsync(JournalEntry entry, CancellationToken ct) =>
        Task.FromResult(AppendResult.Written);
}
