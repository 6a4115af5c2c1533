namespace Salvor.Compare.Streaming;

/// <summary>etcd's put latency with and without a stream, in rounds whose order alternates.</summary>
public sealed class PutRounds(StreamRig rig, TimeSpan length, int count)
{
    private const double RaisedMax = 1.1;

    private static readonly (string Name, Func<Percentiles, double> Of)[] Measures =
    [
        ("p50", latency => latency.P50Ms), ("p99", latency => latency.P99Ms),
        ("p99.9", latency => latency.P999Ms), ("max", latency => latency.MaxMs),
    ];

    private readonly Dictionary<RoundKind, List<PutRound>> _rounds =
        Enum.GetValues<RoundKind>().ToDictionary(kind => kind, _ => new List<PutRound>());

    public IReadOnlyList<Figure> Figures =>
    [
        .. Enum.GetValues<RoundKind>().SelectMany(Latencies),
        .. Ratios(RoundKind.Stream),
        .. Ratios(RoundKind.StreamAndBackup),
        new("snapshots begun per round, with backups", "",
            [.. _rounds[RoundKind.StreamAndBackup].Select(round => (double)round.Backups)]),
        new("writer behind its schedule, p99", "ms", [.. All.Select(round => round.Late.P99Ms)]),
        new("writer behind its schedule, max", "ms", [.. All.Select(round => round.Late.MaxMs)]),
    ];

    public IReadOnlyList<string> Notes =>
    [
        $"Rounds of {length.TotalSeconds} s at {PacedWriter.PutsPerSecond} puts/s. One stall of the disk decides the "
            + "slowest puts of a round, so ratios are judged by their median; the spread is beside it.",
    ];

    private IEnumerable<PutRound> All => _rounds.Values.SelectMany(rounds => rounds);

    public async Task<PutRounds> RunAsync(CancellationToken ct)
    {
        for (var i = 0; i < count; i++)
        {
            var kinds = Enum.GetValues<RoundKind>();
            foreach (var kind in i % 2 == 0 ? kinds : kinds.Reverse())
            {
                // What the round before left to write must not slow this one down.
                await PageCache.PrepareAsync(isCold: false, ct);
                _rounds[kind].Add(await RunAsync(kind, ct));
            }
        }

        return this;
    }

    private async Task<PutRound> RunAsync(RoundKind kind, CancellationToken ct)
    {
        if (kind == RoundKind.Alone)
        {
            return Round(await rig.Writer.RunAsync(length, ct), backups: 0);
        }

        await using var stream = await rig.StartStreamAsync(ct);
        using var written = new CancellationTokenSource();
        var backingUp = kind == RoundKind.StreamAndBackup ? BackUpAsync(written.Token, ct) : Task.FromResult(0);
        IReadOnlyList<PutRecord> puts;
        int backups;
        try
        {
            puts = await rig.Writer.RunAsync(length, ct);
        }
        finally
        {
            await written.CancelAsync();
            backups = await backingUp;
        }

        await stream.WaitUntilStoredAsync(puts.Max(put => put.Revision), ct);
        await stream.StopAsync(ct);
        return Round(puts, backups);
    }

    /// <summary>Takes snapshots until the writer is done; the last one is taken to its end.</summary>
    private async Task<int> BackUpAsync(CancellationToken written, CancellationToken ct)
    {
        var backups = 0;
        for (; !written.IsCancellationRequested; backups++)
        {
            await rig.BackupAsync(ct);
        }

        return backups;
    }

    private static PutRound Round(IReadOnlyList<PutRecord> puts, int backups) => new(
        new Percentiles(puts.Select(put => put.Latency)), new Percentiles(puts.Select(put => put.Late)), backups);

    private IEnumerable<Figure> Latencies(RoundKind kind) => Measures.Select(measure => new Figure(
        $"put, {measure.Name}, {Describe(kind)}", "ms", [.. _rounds[kind].Select(round => measure.Of(round.Latency))]));

    private IEnumerable<Figure> Ratios(RoundKind kind) => Measures.Select(measure => new Figure(
        $"put, {measure.Name}, {Describe(kind)}: as a multiple",
        "",
        [
            .. _rounds[kind].Zip(_rounds[RoundKind.Alone])
                .Select(pair => measure.Of(pair.First.Latency) / measure.Of(pair.Second.Latency)),
        ])
    {
        Budget = measure.Name is "p99.9" or "max" ? RaisedMax : null,
        IsJudgedByMedian = true,
    });

    private static string Describe(RoundKind kind) => kind switch
    {
        RoundKind.Alone => "no stream",
        RoundKind.Stream => "stream",
        RoundKind.StreamAndBackup => "stream and backup",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
