namespace Salvor.Compare;

/// <summary>Runs contests: in pairs, who is first alternating, each run on a fresh target.</summary>
public sealed class Comparison(string scratch, int pairs)
{
    private int _targets;

    public async Task<ContestResult> RunAsync(Contest contest, bool isCold, CancellationToken ct)
    {
        if (!isCold)
        {
            // One run of each that does not count: it brings the inputs into the cache.
            await MeasureAsync(contest.Ours, isCold, ct);
            await MeasureAsync(contest.Theirs, isCold, ct);
        }

        var ours = new List<Sample>();
        var theirs = new List<Sample>();
        for (var pair = 0; pair < pairs; pair++)
        {
            if (pair % 2 == 0)
            {
                ours.Add(await MeasureAsync(contest.Ours, isCold, ct));
                theirs.Add(await MeasureAsync(contest.Theirs, isCold, ct));
            }
            else
            {
                theirs.Add(await MeasureAsync(contest.Theirs, isCold, ct));
                ours.Add(await MeasureAsync(contest.Ours, isCold, ct));
            }
        }

        return new ContestResult(contest, isCold, ours, theirs);
    }

    private async Task<Sample> MeasureAsync(Contestant contestant, bool isCold, CancellationToken ct)
    {
        var target = Path.Combine(scratch, $"target-{_targets++}");
        var arguments = contestant.Arguments.Select(a => a.Replace(Contestant.Out, target, StringComparison.Ordinal));
        await PageCache.PrepareAsync(isCold, ct);
        try
        {
            return await TimedProcess.RunAsync(contestant.Program, [.. arguments], ct);
        }
        finally
        {
            Delete(target);
        }
    }

    private static void Delete(string target)
    {
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        File.Delete(target);
    }
}
