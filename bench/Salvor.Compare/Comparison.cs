namespace Salvor.Compare;

/// <summary>
/// Runs contests: a pair to warm up, then pairs that count, who is first alternating, each run on a fresh target.
/// </summary>
public sealed class Comparison(string scratch, int pairs)
{
    private int _targets;

    public async Task<ContestResult> RunAsync(Contest contest, bool isCold, CancellationToken ct)
    {
        // The first pair brings programs, and inputs where the cache is warm, into memory: it does not count.
        var warmUp = await MeasurePairAsync(contest, isCold, isOursFirst: false, ct);
        var counted = new List<SamplePair>();
        for (var pair = 0; pair < pairs; pair++)
        {
            counted.Add(await MeasurePairAsync(contest, isCold, isOursFirst: pair % 2 == 0, ct));
        }

        return new ContestResult(contest, isCold, warmUp, counted);
    }

    private async Task<SamplePair> MeasurePairAsync(
        Contest contest, bool isCold, bool isOursFirst, CancellationToken ct)
    {
        if (isOursFirst)
        {
            var first = await MeasureAsync(contest.Ours, isCold, ct);
            return new SamplePair(first, await MeasureAsync(contest.Theirs, isCold, ct));
        }

        var theirs = await MeasureAsync(contest.Theirs, isCold, ct);
        return new SamplePair(await MeasureAsync(contest.Ours, isCold, ct), theirs);
    }

    private async Task<Sample> MeasureAsync(Contestant contestant, bool isCold, CancellationToken ct)
    {
        var target = Path.Combine(scratch, $"target-{_targets++}");
        if (contestant.Preparation.Count > 0)
        {
            await TimedProcess.RunAsync(contestant.Program, [.. contestant.Preparation.Select(On)], ct);
        }

        await PageCache.PrepareAsync(isCold, ct);
        try
        {
            return await TimedProcess.RunAsync(contestant.Program, [.. contestant.Arguments.Select(On)], ct);
        }
        finally
        {
            Delete(target);
        }

        string On(string argument) => argument.Replace(Contestant.Out, target, StringComparison.Ordinal);
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
