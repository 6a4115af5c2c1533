using System.CommandLine;
using Salvor.Backup;

namespace Salvor.Cli;

/// <summary><c>salvor backup</c>: takes a snapshot of a running etcd.</summary>
internal static class BackupCommand
{
    public static Command Create(CommandContext context)
    {
        var etcd = new EtcdOptions();
        var file = new Option<string>("--to-file")
        {
            Description = "The file to make: an ordinary etcd snapshot, readable by its owner only. It must not exist.",
            HelpName = "FILE",
            Required = true,
        };
        var command = new ExampleCommand(
            "backup",
            "Take a snapshot of a running etcd into a file that any etcd tool restores.",
            "salvor backup --to-file snap.db",
            "salvor backup --to-file snap.db --endpoints https://10.0.0.5:2379 --cacert ca.crt --cert client.crt "
                + "--key client.key",
            "salvor backup --to-file snap.db --endpoints http://127.0.0.1:2379 --output json")
        {
            file,
        };
        etcd.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var connection = etcd.Connect(parse, context);
            var backup = new SnapshotToFile(context.FileSystem, context.CpuPool, context.Entropy, context.Time);
            SnapshotFileReport report;
            using (var progress = parse.StartProgress(context))
            {
                var options = new SnapshotToFileOptions { TargetFile = parse.GetRequiredValue(file) };
                report = await backup.RunAsync(connection, options, progress, ct);
            }

            Write(context.Terminal, report, parse.IsJson());
            return ExitCodes.Ok;
        });
        return command;
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
