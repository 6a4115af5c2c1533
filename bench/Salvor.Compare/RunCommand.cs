using System.CommandLine;
using Salvor.Compare.Snapshots;
using Salvor.Compare.Streaming;

namespace Salvor.Compare;

/// <summary><c>run</c>: makes the load, then sets Salvor beside etcd's own tools.</summary>
public static class RunCommand
{
    /// <summary>Fewer pairs than this prove nothing.</summary>
    public const int PairsMin = 7;

    private static readonly string[] Tasks =
        [.. PairTasks.Names, RepositoryTask.Name, StreamTask.Name, StreamMemoryTask.Name];

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
        Description = $"Only these tasks: {string.Join(", ", Tasks)}. Without it, all but {StreamMemoryTask.Name}.",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int> Events = new("--events")
    {
        Description = $"How long the log of {PairTasks.RestoreLog} is.",
        DefaultValueFactory = _ => 100_000,
    };

    private static readonly Option<int> Snapshots = new("--snapshots")
    {
        Description = $"How many further snapshots {RepositoryTask.Name} takes.",
        DefaultValueFactory = _ => 24,
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
        var streams = new StreamArguments();
        var command = new Command("run", "Measure Salvor beside etcdutl and etcdctl.");
        foreach (var option in (Option[])[Runs, Json, Only, Events, Snapshots, Salvor, Etcd])
        {
            command.Options.Add(option);
        }

        foreach (var option in (Option<int>[])[Runs, Events, Snapshots])
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                {
                    result.AddError($"{option.Name} takes 1 or more.");
                }
            });
        }

        Only.AcceptOnlyFromAmong(Tasks);
        load.AddTo(command);
        streams.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var scratch = Directory.CreateTempSubdirectory("salvor-compare-").FullName;
            try
            {
                var bench = new Workbench(
                    scratch,
                    parsed.GetValue(Salvor)!,
                    parsed.GetValue(Etcd)!,
                    load.Read(parsed),
                    parsed.GetValue(Runs));
                return await RunAsync(parsed, bench, streams.Read(parsed), ct);
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Workbench bench, StreamSettings streams, CancellationToken ct)
    {
        var only = parsed.GetValue(Only) ?? [];
        var measurement = new Measurement(bench);
        var pairs = new PairTasks(bench, parsed.GetValue(Events));
        if (PairTasks.Names.Any(IsWanted))
        {
            await pairs.RunAsync(measurement, IsWanted, ct);
        }

        if (IsWanted(RepositoryTask.Name))
        {
            await new RepositoryTask(bench, parsed.GetValue(Snapshots)).RunAsync(measurement, ct);
        }

        if (IsWanted(StreamTask.Name))
        {
            measurement.Add(await new StreamTask(bench, streams).RunAsync(ct));
        }

        if (only.Contains(StreamMemoryTask.Name))
        {
            measurement.Add(await new StreamMemoryTask(bench, streams).RunAsync(ct));
        }

        if (parsed.GetValue(Json) is { } file)
        {
            await ResultJson.WriteAsync(file, pairs.SnapshotBytes, measurement);
        }

        ResultTable.PrintSummary(measurement.Missed, bench.Pairs);
        return measurement.Missed.Count == 0 ? 0 : 1;

        bool IsWanted(string task) => only.Length == 0 || only.Contains(task);
    }
}
