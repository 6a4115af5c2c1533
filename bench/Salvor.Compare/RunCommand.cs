using System.CommandLine;
using Salvor.Load;

namespace Salvor.Compare;

/// <summary><c>run</c>: makes the load, then sets Salvor beside etcd's own tools.</summary>
public static class RunCommand
{
    /// <summary>Fewer pairs than this prove nothing.</summary>
    public const int PairsMin = 7;

    private static readonly Budget RestoreBudget = new(RatioMax: 0.7, PeakBytesMax: 60_000_000);
    private static readonly Budget BackupBudget = new(RatioMax: 1.05, PeakBytesMax: 120_000_000);

    private static readonly Budget SnapshotBudget = new(RatioMax: 1.15, PeakBytesMax: 120_000_000);
    private static readonly Budget RepositoryRestoreBudget = new(RatioMax: 3 / 1.4, PeakBytesMax: 150_000_000);

    private static readonly Option<int> Runs = new("--runs")
    {
        Description = "Pairs of runs per task that count; one more, the first, warms up.",
        DefaultValueFactory = _ => PairsMin,
    };

    private static readonly Option<string?> Json = new("--json")
    {
        Description = "Also write all samples to this file.",
    };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Only these tasks: restore, backup, verify.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> Salvor = new("--salvor")
    {
        Description = "The published salvor binary.",
        Required = true,
    };

    private static readonly Option<string> Etcd = new("--etcd")
    {
        Description = "The directory of etcd, etcdctl and etcdutl.",
        Required = true,
    };

    public static Command Make()
    {
        var load = new LoadArguments();
        var command = new Command("run", "Measure restore, backup and verify beside etcdutl and etcdctl.");
        foreach (var option in (Option[])[Runs, Json, Only, Salvor, Etcd])
        {
            command.Options.Add(option);
        }

        Runs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--runs takes 1 or more.");
            }
        });
        Only.AcceptOnlyFromAmong("restore", "backup", "verify", "snapshot", "restore-repository");
        load.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(parsed, load.Read(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, LoadOptions load, CancellationToken ct)
    {
        var scratch = Directory.CreateTempSubdirectory("salvor-compare-").FullName;
        try
        {
            var tools = parsed.GetValue(Etcd)!;
            await using var etcd = await ComparedEtcd.StartAsync(
                Path.Combine(tools, "etcd"), Path.Combine(scratch, "etcd"), ct);
            using var gateway = new EtcdGateway(new Uri(etcd.Endpoint));
            LoadCommand.Print(await new LoadWriter(gateway, load).RunAsync(ct));
            var snapshot = Path.Combine(scratch, "snap.db");
            await TimedProcess.RunAsync(
                Path.Combine(tools, "etcdctl"), [$"--endpoints={etcd.Endpoint}", "snapshot", "save", snapshot], ct);

            var only = parsed.GetValue(Only);
            var pairs = parsed.GetValue(Runs);
            var repository = await MakeRepositoryAsync(parsed.GetValue(Salvor)!, etcd.Endpoint, scratch, ct);
            var contests = Contests(parsed.GetValue(Salvor)!, tools, etcd.Endpoint, snapshot, repository)
                .Where(contest => only is not { Length: > 0 } || only.Contains(contest.Name));
            var results = await MeasureAsync(contests, new Comparison(scratch, pairs), ct);
            if (parsed.GetValue(Json) is { } file)
            {
                await ResultJson.WriteAsync(file, new FileInfo(snapshot).Length, results);
            }

            ResultTable.PrintSummary(results, pairs);
            return results.All(result => result.IsWithinBudget) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<List<ContestResult>> MeasureAsync(
        IEnumerable<Contest> contests, Comparison comparison, CancellationToken ct)
    {
        var results = new List<ContestResult>();
        var canDrop = PageCache.CanDrop();
        if (!canDrop)
        {
            Console.WriteLine("The page cache can't be emptied here (that takes root): cold runs were not measured.");
        }

        ResultTable.PrintHeader();
        foreach (var contest in contests)
        {
            foreach (var isCold in canDrop ? (bool[])[true, false] : [false])
            {
                results.Add(await comparison.RunAsync(contest, isCold, ct));
                ResultTable.Print(results[^1]);
            }
        }

        return results;
    }

    /// <summary>Makes a repository with one snapshot.</summary>
    /// <returns>The options that lead to it.</returns>
    private static async Task<string[]> MakeRepositoryAsync(
        string salvor, string endpoint, string scratch, CancellationToken ct)
    {
        string[] place =
            ["--repository", Path.Combine(scratch, "repo"), "--key-file", Path.Combine(scratch, "repo.key")];
        await TimedProcess.RunAsync(salvor, ["init", .. place, "--config", Path.Combine(scratch, "repo.yaml")], ct);
        await TimedProcess.RunAsync(salvor, ["backup", .. place, "--endpoints", endpoint], ct);
        return place;
    }

    private static Contest[] Contests(
        string salvor, string tools, string endpoint, string snapshot, string[] repository)
    {
        var etcdutl = Path.Combine(tools, "etcdutl");
        var etcdctl = Path.Combine(tools, "etcdctl");
        return
        [
            new(
                "restore",
                new("salvor", salvor, "restore", snapshot, "--data-dir", Contestant.Out),
                new("etcdutl", etcdutl, "snapshot", "restore", snapshot, "--data-dir", Contestant.Out),
                RestoreBudget),
            new(
                "backup",
                new("salvor", salvor, "backup", "--to-file", Contestant.Out, "--endpoints", endpoint),
                new("etcdctl", etcdctl, $"--endpoints={endpoint}", "snapshot", "save", Contestant.Out),
                BackupBudget),
            // etcd has no full check of a file; its status command, which reads all of it for a hash, is the nearest.
            new(
                "verify",
                new("salvor", salvor, "verify", snapshot),
                new("etcdutl", etcdutl, "snapshot", "status", snapshot),
                new Budget()),
            // A first snapshot, compressed and encrypted, beside the plain copy.
            new(
                "snapshot",
                new("salvor", salvor, "backup", "--endpoints", endpoint, "--repository", Contestant.Out, "--key-file",
                    $"{Contestant.Out}.key")
                {
                    Preparation =
                    [
                        "init", "--repository", Contestant.Out, "--key-file", $"{Contestant.Out}.key", "--config",
                        $"{Contestant.Out}.yaml",
                    ],
                },
                new("etcdctl", etcdctl, $"--endpoints={endpoint}", "snapshot", "save", Contestant.Out),
                SnapshotBudget),
            new(
                "restore-repository",
                new("salvor", salvor, ["restore", .. repository, "--revision-bump", "0", "--data-dir", Contestant.Out]),
                new("etcdutl", etcdutl, "snapshot", "restore", snapshot, "--data-dir", Contestant.Out),
                RepositoryRestoreBudget),
        ];
    }
}
