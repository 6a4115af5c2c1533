namespace Salvor.Compare;

/// <summary>The tasks that are measured in pairs, on one etcd and its snapshot.</summary>
public sealed class PairTasks(Workbench bench, int logEvents)
{
    public const string RestoreLog = "restore-log";

    private static readonly Budget RestoreBudget = new(RatioMax: 0.7, PeakBytesMax: 60_000_000);
    private static readonly Budget BackupBudget = new(RatioMax: 1.05, PeakBytesMax: 120_000_000);
    private static readonly Budget SnapshotBudget = new(RatioMax: 1.15, PeakBytesMax: 120_000_000);

    /// <summary>Three seconds where etcdutl needs 1.4.</summary>
    private static readonly Budget RepositoryRestoreBudget = new(RatioMax: 3 / 1.4, PeakBytesMax: 150_000_000);

    public static IReadOnlyList<string> Names { get; } =
        ["restore", "backup", "verify", "snapshot", "restore-repository", RestoreLog];

    /// <summary>The size of the snapshot that the tasks worked on.</summary>
    public long SnapshotBytes { get; private set; }

    public async Task RunAsync(Measurement measurement, Func<string, bool> isWanted, CancellationToken ct)
    {
        await using var etcd = await bench.StartLoadedAsync("etcd", ct);
        var snapshot = bench["snap.db"];
        await TimedProcess.RunAsync(bench.Etcdctl, [$"--endpoints={etcd.Endpoint}", "snapshot", "save", snapshot], ct);
        SnapshotBytes = new FileInfo(snapshot).Length;
        var repository = await bench.MakeSnapshotAsync("repository", etcd, ct);
        Contest[] contests =
        [
            .. WithFiles(etcd.Endpoint, snapshot),
            MakeSnapshot(etcd.Endpoint),
            RestoreFrom("restore-repository", repository, snapshot),
        ];
        await measurement.CompareAsync([.. contests.Where(contest => isWanted(contest.Name))], ct);
        if (isWanted(RestoreLog))
        {
            // The last one, since it changes what etcd holds. Theirs restores the snapshot that this log begins after.
            var logged = await new LoggedRepository(bench).MakeAsync(etcd, logEvents, ct);
            await measurement.CompareAsync([RestoreFrom(RestoreLog, logged, snapshot)], ct);
        }
    }

    private Contest[] WithFiles(string endpoint, string snapshot) =>
    [
        new(
            "restore",
            new("salvor", bench.Salvor, "restore", snapshot, "--data-dir", Contestant.Out),
            RestoreOf(snapshot),
            RestoreBudget),
        new(
            "backup",
            new("salvor", bench.Salvor, "backup", "--to-file", Contestant.Out, "--endpoints", endpoint),
            SaveOf(endpoint),
            BackupBudget),
        // etcd has no full check of a file; its status command, which reads all of it for a hash, is the nearest.
        new(
            "verify",
            new("salvor", bench.Salvor, "verify", snapshot),
            new("etcdutl", bench.Etcdutl, "snapshot", "status", snapshot),
            new Budget()),
    ];

    /// <summary>A first snapshot, compressed and encrypted, beside the plain copy.</summary>
    private Contest MakeSnapshot(string endpoint)
    {
        string[] place = ["--repository", Contestant.Out, "--key-file", $"{Contestant.Out}.key"];
        var ours = new Contestant("salvor", bench.Salvor, ["backup", "--endpoints", endpoint, .. place])
        {
            Preparation = ["init", .. place, "--config", $"{Contestant.Out}.yaml"],
        };
        return new Contest("snapshot", ours, SaveOf(endpoint), SnapshotBudget);
    }

    /// <summary>A restore of all that a repository holds, beside one of a plain file.</summary>
    private Contest RestoreFrom(string name, string[] repository, string snapshot)
    {
        string[] arguments = ["restore", .. repository, "--revision-bump", "0", "--data-dir", Contestant.Out];
        var ours = new Contestant("salvor", bench.Salvor, arguments);
        return new Contest(name, ours, RestoreOf(snapshot), RepositoryRestoreBudget);
    }

    private Contestant SaveOf(string endpoint) =>
        new("etcdctl", bench.Etcdctl, $"--endpoints={endpoint}", "snapshot", "save", Contestant.Out);

    private Contestant RestoreOf(string snapshot) =>
        new("etcdutl", bench.Etcdutl, "snapshot", "restore", snapshot, "--data-dir", Contestant.Out);
}
