using Salvor.Load;

namespace Salvor.Compare.Snapshots;

/// <summary>A first snapshot, further ones with changes between, and a restore of the newest, by each tool.</summary>
public sealed class RepositoryTask(Workbench bench, int further)
{
    public const string Name = "repository";
    private const string Restore = "repository-newest";
    private const int PutsBetween = 2000;
    private const int ValueBytesMean = 3000;
    private const int Seed = 5;
    private const double StoredRatioMax = 1.3;

    public async Task RunAsync(Measurement measurement, CancellationToken ct)
    {
        await using var etcd = await bench.StartLoadedAsync($"{Name}-etcd", ct);
        var ours = new SalvorSnapshots(bench, etcd.Endpoint);
        var theirs = new ResticSnapshots(bench, etcd.Endpoint);
        await ours.InitAsync(ct);
        await theirs.InitAsync(ct);
        using var connection = etcd.Connect();
        var revision = (await connection.Maintenance.StatusAsync(ct)).Revision;
        await CompactAsync(etcd.Endpoint, revision, ct);
        await TakeAsync(ours, theirs, ct);
        var changes = new KubernetesLoad(bench.Load).Changes(Seed, ValueBytesMean);
        var isOursFirst = false;
        foreach (var churn in changes.Chunk(PutsBetween).Take(further))
        {
            revision = (await new ChangeWriter(connection).RunAsync(churn, ct)).Revision;
            await CompactAsync(etcd.Endpoint, revision - (PutsBetween / 2), ct);
            await (isOursFirst ? TakeAsync(ours, theirs, ct) : TakeAsync(theirs, ours, ct));
            isOursFirst = !isOursFirst;
        }

        string[] notes =
        [
            $"{PutsBetween} puts of about {ValueBytesMean} bytes and a compaction between two snapshots.",
            "restic stores the file that etcdctl saves, and its times have both programs'.",
            await ResticSnapshots.VersionAsync(ct),
        ];
        measurement.Add(new FigureReport(Name, Figures(ours, theirs), notes));
        await measurement.CompareAsync([new Contest(Restore, ours.Restore, theirs.Restore, new Budget())], ct);
    }

    /// <summary>
    /// As apiserver does every few minutes, with the newest history kept: the pages of old versions become free, and
    /// later puts are written all over the database.
    /// </summary>
    private async Task CompactAsync(string endpoint, long revision, CancellationToken ct)
    {
        string[] arguments = [$"--endpoints={endpoint}", "compaction", $"{revision}", "--physical"];
        await TimedProcess.RunAsync(bench.Etcdctl, arguments, ct);
    }

    private static async Task TakeAsync(SnapshotTool first, SnapshotTool second, CancellationToken ct)
    {
        await first.TakeAsync(ct);
        await second.TakeAsync(ct);
    }

    private static IReadOnlyList<Figure> Figures(SnapshotTool ours, SnapshotTool theirs)
    {
        var pairs = ours.Further.Zip(theirs.Further, (own, other) => (Own: own, Other: other)).ToList();
        return
        [
            .. FiguresOf(ours),
            new($"{ours.Name}: pages that changed", "MB", [.. ours.Further.Select(own => own.ChangedPageBytes / 1e6)]),
            new($"{ours.Name}: stored, as a multiple of them", "",
                [.. ours.Further.Select(own => (double)own.StoredBytes / own.ChangedPageBytes)])
            {
                Budget = StoredRatioMax,
            },
            .. FiguresOf(theirs),
            new("a further snapshot, time as a multiple", "",
                [.. pairs.Select(pair => pair.Own.Run.Wall / pair.Other.Run.Wall)]),
            new("a further snapshot, stored as a multiple", "",
                [.. pairs.Select(pair => (double)pair.Own.StoredBytes / pair.Other.StoredBytes)]),
        ];
    }

    private static IEnumerable<Figure> FiguresOf(SnapshotTool tool) =>
    [
        new($"{tool.Name}: first snapshot", "s", tool.First.Run.Wall.TotalSeconds),
        new($"{tool.Name}: stored by the first one", "MB", tool.First.StoredBytes / 1e6),
        new($"{tool.Name}: a further snapshot", "s", [.. tool.Further.Select(one => one.Run.Wall.TotalSeconds)]),
        new($"{tool.Name}: stored by a further one", "MB", [.. tool.Further.Select(one => one.StoredBytes / 1e6)]),
        new($"{tool.Name}: stored by all", "MB", tool.TotalBytes / 1e6),
        new($"{tool.Name}: peak memory", "MB", tool.PeakBytes / 1e6),
    ];
}
