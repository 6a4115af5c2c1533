using System.CommandLine;
using Salvor.Backup;

namespace Salvor.Cli;

/// <summary><c>salvor backup</c>: takes a snapshot of a running etcd, into the repository or a file.</summary>
internal static class BackupCommand
{
    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var etcd = new EtcdOptions(config);
        var repository = new RepositoryOptions(config);
        var file = new Option<string?>("--to-file")
        {
            Description = "Make this file instead: an ordinary etcd snapshot, readable by its owner only. It must "
                + "not exist.",
            HelpName = "FILE",
        };
        var newTimeline = new Option<bool>("--new-timeline")
        {
            Description = "Begin a new timeline, since this etcd was restored and its history is not the stored one.",
        };
        var command = new ExampleCommand(
            "backup",
            "Take a snapshot of a running etcd into a repository, or into a file that any etcd tool restores.",
            "salvor backup --repository s3://backups/prod",
            "salvor backup --repository /srv/backup --key-file salvor.key --endpoints http://127.0.0.1:2379",
            "salvor backup --to-file snap.db",
            "salvor backup --to-file snap.db --endpoints https://10.0.0.5:2379 --cacert ca.crt --cert client.crt "
                + "--key client.key",
            "salvor backup --to-file snap.db --endpoints http://127.0.0.1:2379 --output json")
        {
            file,
            newTimeline,
        };
        repository.AddTo(command);
        config.AddTo(command);
        etcd.AddTo(command);
        command.SetAction((parse, ct) => parse.GetValue(file) is { } target
            ? RunFileAsync(parse, context, etcd, target, ct)
            : RunRepositoryAsync(parse, context, etcd, repository, config, parse.GetValue(newTimeline), ct));
        return command;
    }

    private static async Task<int> RunFileAsync(
        ParseResult parse, CommandContext context, EtcdOptions etcd, string target, CancellationToken ct)
    {
        using var connection = etcd.Connect(parse, context);
        var backup = new SnapshotToFile(context.FileSystem, context.BackgroundPool, context.Entropy, context.Time);
        SnapshotFileReport report;
        using (var progress = parse.StartProgress(context))
        {
            var options = new SnapshotToFileOptions { TargetFile = target };
            report = await backup.RunAsync(connection, options, progress, ct);
        }

        Write(context.Terminal, report, parse.IsJson());
        return ExitCodes.Ok;
    }

    private static async Task<int> RunRepositoryAsync(
        ParseResult parse, CommandContext context, EtcdOptions etcd, RepositoryOptions repository,
        ConfigOption config, bool beginsTimeline, CancellationToken ct)
    {
        var kit = KitOfMachine.Find(parse, context, etcd, config.Load(parse, context).Kit);
        using var opened = await repository.OpenAsync(parse, context, ct);
        using var connection = etcd.Connect(parse, context);
        var backup = new SnapshotToRepository(context.CpuPool, context.Entropy, context.Time)
        {
            BackgroundPool = context.BackgroundPool,
        };
        SnapshotReport report;
        using (var progress = parse.StartProgress(context))
        {
            var options = new SnapshotOptions { BeginsTimeline = beginsTimeline, Kit = kit };
            report = await backup.RunAsync(
                connection, opened.ForObjects(context.Entropy), options, progress, ct);
        }

        SnapshotOutput.Write(context.Terminal, report, parse.IsJson());
        return ExitCodes.Ok;
    }

    private static void Write(Terminal terminal, SnapshotFileReport report, bool isJson)
    {
        var bytesPerSecond = (long)(report.SizeBytes / Math.Max(report.Elapsed.TotalSeconds, 0.001));
        if (isJson)
        {
            terminal.WriteJson(json =>
            {
                json.WriteString("file", report.File);
                json.WriteString("endpoint", report.Endpoint.GetLeftPart(UriPartial.Authority));
                json.WriteString("etcdVersion", report.EtcdVersion);
                json.WriteNumber("sizeBytes", report.SizeBytes);
                json.WriteString("sha256", report.Sha256);
                json.WriteNumber("elapsedSeconds", Math.Round(report.Elapsed.TotalSeconds, 3));
                json.WriteNumber("bytesPerSecond", bytesPerSecond);
            });
            return;
        }

        terminal.Out.WriteLine($"Snapshot saved to {report.File}");
        terminal.Out.WriteLine($"  size     {ProgressText.Size(report.SizeBytes)} ({report.SizeBytes} bytes)");
        terminal.Out.WriteLine($"  sha256   {report.Sha256} (as etcd sent it, checked)");
        terminal.Out.WriteLine(
            $"  from     etcd {report.EtcdVersion} at {report.Endpoint.GetLeftPart(UriPartial.Authority)}");
        terminal.Out.WriteLine(
            $"  time     {ProgressText.Duration(report.Elapsed)}, {ProgressText.Size(bytesPerSecond)}/s");
    }
}
