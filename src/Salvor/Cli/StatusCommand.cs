using System.CommandLine;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Recovery.Outside;
using Salvor.Recovery.Shared;
using Salvor.Repository;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Cli;

/// <summary><c>salvor status</c>: how much would be lost if the machine were gone now.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(5);

    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var etcd = new EtcdOptions(config);
        var repository = new RepositoryOptions(config);
        var command = new ExampleCommand(
            "status",
            "Show how far a repository follows its etcd, what is at risk now, who watches, and what was recovered.",
            "salvor status --repository s3://backups/prod",
            "salvor status --watch",
            "salvor status --repository /srv/backup --endpoints http://127.0.0.1:2379 --output json");
        var watch = new Option<bool>("--watch", "-w")
        {
            Description = $"Show it anew every {WatchEvery.TotalSeconds:0} s until it is interrupted; in JSON, a line "
                + "each time.",
        };
        command.Options.Add(watch);
        repository.AddTo(command);
        config.AddTo(command);
        etcd.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var opened = await repository.OpenAsync(parse, context, ct);
            var objects = new OpenRepository(
                opened.Store, new ObjectSealer(opened.Id, opened.Key, context.Entropy));
            var history = new RecoveryHistory(new StoreJson(objects), context.Time);
            Func<CancellationToken, Task<RepositoryStatus>> read = inner =>
                AskEtcdAsync(objects, history, () => etcd.Connect(parse, context), inner);
            if (parse.GetValue(watch))
            {
                await WatchAsync(context, read, parse.IsJson(), ct);
            }
            else
            {
                StatusOutput.Write(context.Terminal, await read(ct), context.Time.GetUtcNow(), parse.IsJson());
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>An interruption is how it ends.</summary>
    private static async Task WatchAsync(
        CommandContext context, Func<CancellationToken, Task<RepositoryStatus>> read, bool isJson, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var status = await read(ct);
                if (isJson)
                {
                    StatusOutput.WriteLine(context.Terminal, status, context.Time.GetUtcNow());
                }
                else
                {
                    context.Terminal.BeginScreen();
                    StatusOutput.Write(context.Terminal, status, context.Time.GetUtcNow(), isJson: false);
                    context.Terminal.Out.Flush();
                }
            }
            catch (SalvorException e) when (e.IsTransient)
            {
                context.Terminal.Error.WriteLine(e.Message); // What was shown stays; the next time may do.
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(WatchEvery, context.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<RepositoryStatus> AskEtcdAsync(
        OpenRepository objects, RecoveryHistory history, Func<EtcdConnection> connect, CancellationToken ct)
    {
        var status = await ReadAsync(objects, history, ct);
        try
        {
            using var connection = connect();
            return status with { EtcdRevision = (await connection.Maintenance.StatusAsync(ct)).Revision };
        }
        catch (SalvorException e)
        {
            // The repository can be asked about from anywhere; etcd often can't be reached from there.
            return status with { EtcdFailure = e.Message };
        }
    }

    private static async Task<RepositoryStatus> ReadAsync(
        OpenRepository repository, RecoveryHistory history, CancellationToken ct)
    {
        var catalog = new SnapshotCatalog(repository);
        var timelines = await catalog.ListTimelinesAsync(ct);
        var watchers = await WatcherSurvey.ReadAsync(new StoreJson(repository), ct);
        var (recoveries, faults) = await history.ReadAsync(ct);
        watchers = watchers with { Faults = [.. watchers.Faults, .. faults] };
        if (timelines.Count == 0)
        {
            return new RepositoryStatus(repository.Store.Location, null, null, null)
            {
                Watchers = watchers,
                Recoveries = recoveries,
            };
        }

        var timeline = timelines[^1];
        var snapshots = await catalog.ListAsync(timeline, ct);
        var log = await LogSummary.ReadAsync(new SegmentStore(repository, timeline), ct);
        return new RepositoryStatus(
            repository.Store.Location, timeline.Value, snapshots.Count == 0 ? null : snapshots[^1], log)
        {
            Watchers = watchers,
            Recoveries = recoveries,
            Before = snapshots.Count == 0 ? await FindBeforeAsync(catalog, timelines, ct) : null,
        };
    }

    private static async Task<SnapshotEntry?> FindBeforeAsync(
        SnapshotCatalog catalog, IReadOnlyList<TimelineId> timelines, CancellationToken ct)
    {
        foreach (var timeline in timelines.Reverse().Skip(1))
        {
            if (await catalog.ListAsync(timeline, ct) is [.., var newest])
            {
                return newest;
            }
        }

        return null;
    }
}
