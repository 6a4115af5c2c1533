namespace Salvor.Compare.Streaming;

/// <summary>The memory of a stream over a long time, sampled each second.</summary>
public sealed class StreamMemoryTask(Workbench bench, StreamSettings settings)
{
    public const string Name = "stream-memory";
    private static readonly TimeSpan SamplePeriod = TimeSpan.FromSeconds(1);

    public async Task<FigureReport> RunAsync(CancellationToken ct)
    {
        await using var rig = await StreamRig.StartAsync(bench, settings.MotoServer, Name, ct);
        await using var stream = await rig.StartStreamAsync(ct);
        using var written = new CancellationTokenSource();
        var sampling = SampleAsync(stream.Id, written.Token);
        IReadOnlyList<PutRecord> puts;
        List<double> samples;
        try
        {
            puts = await rig.Writer.RunAsync(settings.Memory, ct);
        }
        finally
        {
            await written.CancelAsync();
            samples = await sampling;
        }

        await stream.WaitUntilStoredAsync(puts.Max(put => put.Revision), ct);
        var peakBytes = ProcessMemory.Read(stream.Id).PeakBytes;
        await stream.StopAsync(ct);
        return new FigureReport(
            Name,
            [
                new("resident memory, all samples", "MB", samples),
                new("resident memory at a quarter of the time", "MB", samples[samples.Count / 4]),
                new("resident memory at half of the time", "MB", samples[samples.Count / 2]),
                new("resident memory at the end", "MB", samples[^1]),
                new("peak memory", "MB", peakBytes / 1e6),
            ],
            [
                $"{puts.Count} puts in {settings.Memory.TotalMinutes} minutes.",
                .. stream.Troubles.Select(trouble => $"The stream said: {trouble}"),
            ]);
    }

    private static async Task<List<double>> SampleAsync(int processId, CancellationToken written)
    {
        var samples = new List<double>();
        using var timer = new PeriodicTimer(SamplePeriod);
        do
        {
            samples.Add(ProcessMemory.Read(processId).ResidentBytes / 1e6);
        }
        while (await WaitAsync(timer, written));
        return samples;
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken written)
    {
        try
        {
            return await timer.WaitForNextTickAsync(written);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
