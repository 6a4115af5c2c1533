using System.Collections.Immutable;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;
using Salvor.Simulation.Recovery.Model;

namespace Salvor.Simulation.Recovery;

/// <summary>The agent's journal on its machine's disk: what was flushed outlives the process and the machine.</summary>
internal sealed class LocalJournal(Process process, Machine machine) : IJournal
{
    public Task<ImmutableArray<JournalEntry>> ReadAsync(CancellationToken ct) =>
        Task.FromResult(machine.Journal.ToImmutableArray());

    public async Task<AppendResult> AppendAsync(JournalEntry entry, CancellationToken ct)
    {
        await process.WaitAsync(TimeSpan.FromMilliseconds(5));
        machine.Journal.Add(entry);
        return AppendResult.Written;
    }
}
