using System.Collections.Immutable;
using Salvor.Recovery.Engine;

namespace Salvor.Recovery.Driver;

/// <summary>Keeps what was intended and what came of it, so that anybody can go on.</summary>
public interface IJournal
{
    /// <summary>The entries of the last days, in order; those that no salvor can have written are left out.</summary>
    Task<ImmutableArray<JournalEntry>> ReadAsync(CancellationToken ct);

    /// <summary>Appends an entry, durably.</summary>
    Task<AppendResult> AppendAsync(JournalEntry entry, CancellationToken ct);
}
