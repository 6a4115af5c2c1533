using System.CommandLine;
using Salvor.Backup.Streaming;
using Salvor.Configuration;
using Salvor.Repository;

namespace Salvor.Cli;

/// <summary><c>salvor stream</c>: stores every change of a running etcd as it happens.</summary>
internal static class StreamCommand
{
    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var etcd = new EtcdOptions(config);
        var repository = new RepositoryOptions(config);
        var flushAfter = new Option<int?>("--flush-after-ms")
        {
            Description = "The oldest that a change may get before it is stored, in milliseconds; 400 by default. Each "
                + "flush is a request that a bucket's provider charges for.",
            HelpName = "MS",
        };
        var snapshotEvery = new Option<TimeSpan?>("--snapshot-every")
        {
            Description = "How often a snapshot is taken beside the log, as in 30m; an hour by default, 0s for never.",
            HelpName = "TIME",
            CustomParser = result => DurationParser.Parse(result),
        };
        var spool = new Option<string?>("--spool")
        {
            Description = "Where changes wait while the store is away: a directory in memory or on another disk than "
                + "etcd's. Without it they wait in memory, up to 24 MiB.",
            HelpName = "DIR",
        };
        var command = new ExampleCommand(
            "stream",
            "Store every change of a running etcd as it happens, until it is stopped.",
            "salvor stream --repository s3://backups/prod",
            "salvor stream --repository /srv/backup --key-file salvor.key --endpoints http://127.0.0.1:2379",
            "salvor stream --repository s3://backups/prod --spool /run/salvor-spool",
            "salvor stream --repository /srv/backup --output json")
        {
            flushAfter,
            snapshotEvery,
            spool,
        };
        command.WritesJsonLines = true;
        repository.AddTo(command);
        config.AddTo(command);
        etcd.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var file = config.Load(parse, context);
            var log = Read(file.Log, parse.GetValue(flushAfter), parse.GetValue(spool));
            using var waiting = OpenSpool(parse, context, etcd, log);
            var every = parse.GetValue(snapshotEvery) ?? TimeSpan.FromMinutes(file.Snapshots.EveryMinutes);
            var options = new StreamOptions
            {
                FlushAfter = TimeSpan.FromMilliseconds(log.FlushAfterMs),
                FlushBytes = (int)log.FlushBytes,
                SnapshotEvery = every > TimeSpan.Zero ? every : Timeout.InfiniteTimeSpan,
                Spool = waiting,
                Kit = KitOfMachine.Find(parse, context, etcd, file.Kit),
            };
            using var opened = await repository.OpenAsync(parse, context, ct);
            using var connection = etcd.Connect(parse, context);
            var objects = new OpenRepository(
                opened.Store, new ObjectSealer(opened.Id, opened.Key, context.Entropy));
            var machine = new StreamMachine(context.CpuPool, context.Entropy, context.Time)
            {
                BackgroundPool = context.BackgroundPool,
            };
            var session = new StreamSession(connection, objects, machine);
            return await RunAsync(parse, context, session, options, opened.Store.Location, ct);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parse, CommandContext context, StreamSession session, StreamOptions options, string location,
        CancellationToken ct)
    {
        var isQuiet = parse.GetValue(GlobalOptions.Quiet);
        var display = new StreamDisplay(context.Terminal, context.Time, parse.IsJson(), isQuiet);
        if (!parse.IsJson())
        {
            var cost = CadenceCost.Describe(options.FlushAfter, StoreLocation.IsS3(location));
            context.Terminal.Error.WriteLine($"Storing changes in {location} within "
                + $"{options.FlushAfter.TotalMilliseconds:f0} ms: {cost}; an idle etcd costs next to none.");
        }

        bool isWhole;
        try
        {
            isWhole = await session.RunAsync(options, display.Report, ct);
        }
        finally
        {
            display.Close();
        }

        if (!parse.IsJson())
        {
            context.Terminal.Error.WriteLine(isWhole
                ? $"Stopped: everything up to revision {display.SafeRevision} is stored."
                : $"Stopped: the store did not take the rest in time; revision {display.SafeRevision} is the last "
                    + "stored.");
        }

        return isWhole ? ExitCodes.Ok : ExitCodes.Partial;
    }

    internal static SegmentSpool? OpenSpool(
        ParseResult parse, CommandContext context, EtcdOptions etcd, LogConfig log) =>
        log.SpoolDirectory is { } directory
            ? SegmentSpool.Open(context.FileSystem, directory, log.SpoolBytes, etcd.Directories(parse, context))
            : null;

    private static LogConfig Read(LogConfig file, int? flushAfterMs, string? spool)
    {
        var log = file with
        {
            FlushAfterMs = flushAfterMs ?? file.FlushAfterMs,
            SpoolDirectory = spool is null ? file.SpoolDirectory : Path.GetFullPath(spool),
        };
        return log.Validate() is { IsEmpty: false } faults ? throw ConfigBinder.Wrong("The command line", faults) : log;
    }
}
