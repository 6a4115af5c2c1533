namespace Salvor.Compare.Streaming;

/// <summary>The loss window, and what a stream costs etcd.</summary>
public sealed class StreamTask(Workbench bench, StreamSettings settings)
{
    public const string Name = "stream";
    private const double LossWindowP99MaxMs = 1000;

    public async Task<FigureReport> RunAsync(CancellationToken ct)
    {
        await using var rig = await StreamRig.StartAsync(bench, settings.MotoServer, Name, ct);
        var (window, troubles) = await MeasureWindowAsync(rig, ct);
        var rounds = await new PutRounds(rig, settings.Round, bench.Pairs).RunAsync(ct);
        var cadence = await StreamProcess.SayCadenceAsync(bench.Salvor, rig.Options, ct);
        return new FigureReport(Name, [.. window, .. rounds.Figures], [cadence, .. troubles, .. rounds.Notes]);
    }

    private async Task<(List<Figure> Figures, IReadOnlyList<string> Troubles)> MeasureWindowAsync(
        StreamRig rig, CancellationToken ct)
    {
        await using var stream = await rig.StartStreamAsync(ct);
        var (putsBefore, segmentsBefore) = (rig.Proxy.Puts.Count, stream.Stored.Count);
        var puts = await rig.Writer.RunAsync(settings.Window, ct);
        await stream.WaitUntilStoredAsync(puts.Max(put => put.Revision), ct);
        var segments = stream.Stored.Count - segmentsBefore;
        var memory = ProcessMemory.Read(stream.Id);
        await stream.StopAsync(ct);
        var stored = rig.Proxy.Puts.Skip(putsBefore).ToList();
        if (stored.Count < segments)
        {
            throw new InvalidOperationException(
                $"{segments} segments were stored with {stored.Count} delayed requests: some went past the delay.");
        }

        var window = new Percentiles(LossWindow.Measure(puts, stream.Stored));
        var way = new Percentiles(stored.Select(put => put.Whole));
        var store = new Percentiles(stored.Select(put => put.Store));
        List<Figure> figures =
        [
            new("loss window, p50", "ms", window.P50Ms),
            new("loss window, p99", "ms", window.P99Ms) { Budget = LossWindowP99MaxMs },
            new("loss window, max", "ms", window.MaxMs),
            new("a put to the store, p50", "ms", way.P50Ms),
            new("a put to the store, p99", "ms", way.P99Ms),
            new("of it without the delay, p50", "ms", store.P50Ms),
            new("of it without the delay, p99", "ms", store.P99Ms),
            new("segments stored per second", "", segments / settings.Window.TotalSeconds),
            new("peak memory of the stream", "MB", memory.PeakBytes / 1e6),
        ];
        return (figures, [.. stream.Troubles.Select(trouble => $"The stream said: {trouble}")]);
    }
}
