using System.Collections.Immutable;
using Salvor.Recovery.Driver;
using Salvor.Recovery.Engine;

namespace Salvor.Simulation.Recovery;

/// <summary>A journal whose owner dies at times, right before or right after an entry is written.</summary>
internal sealed class CrashingJournal(IJournal inner, Scene scene, Action kill) : IJournal
{
    public Task<ImmutableArray<JournalEntry>> ReadAsync(CancellationToken ct) => inner.ReadAsync(ct);

    public async Task<AppendResult> AppendAsync(JournalEntry entry, CancellationToken ct)
    {
        await DieAtTimesAsync();
        var result = await inner.AppendAsync(entry, ct);
        await DieAtTimesAsync();
        return result;
    }

    private async Task DieAtTimesAsync()
    {
        if (scene.Random.NextDouble() < scene.Crashes)
        {
            scene.Coverage.Crashes++;
            kill();
            await Task.Yield(); // Nothing of a dead process ever goes on.
        }
    }
}
