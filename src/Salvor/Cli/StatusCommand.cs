using System.CommandLine;
using Salvor.Errors;
using Salvor.Repository;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Cli;

/// <summary><c>salvor status</c>: how much would be lost if the machine were gone now.</summary>
internal static class StatusCommand
{
    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var etcd = new EtcdOptions(config);
        var repository = new RepositoryOptions(config);
        var command = new ExampleCommand(
            "status",
            "Show how far a repository follows its etcd, and what is at risk now.",
            "salvor status --repository s3://backups/prod",
            "salvor status --repository /srv/backup --endpoints http://127.0.0.1:2379 --output json");
        repository.AddTo(command);
        config.AddTo(command);
        etcd.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var opened = await repository.OpenAsync(parse, context, ct);
            var objects = new OpenRepository(
                opened.Store, new ObjectSealer(opened.Id, opened.Key, context.Entropy));
            var status = await ReadAsync(objects, ct);
            try
            {
                using var connection = etcd.Connect(parse, context);
                status = status with { EtcdRevision = (await connection.Maintenance.StatusAsync(ct)).Revision };
            }
            catch (SalvorException e)
            {
                // The repository can be asked about from anywhere; etcd often can't be reached from there.
                status = status with { EtcdFailure = e.Message };
            }

            StatusOutput.Write(context.Terminal, status, context.Time.GetUtcNow(), parse.IsJson());
            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<RepositoryStatus> ReadAsync(OpenRepository repository, CancellationToken ct)
    {
        var catalog = new SnapshotCatalog(repository);
        var timelines = await catalog.ListTimelinesAsync(ct);
        if (timelines.Count == 0)
        {
            return new RepositoryStatus(repository.Store.Location, null, null, null);
        }

        var timeline = timelines[^1];
        var snapshots = await catalog.ListAsync(timeline, ct);
        var log = await LogSummary.ReadAsync(new SegmentStore(repository, timeline), ct);
        return new RepositoryStatus(
            repository.Store.Location, timeline.Value, snapshots.Count == 0 ? null : snapshots[^1], log)
        {
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
