using System.CommandLine;
using Salvor.Restore.Export;
using Salvor.Restore.FromRepository;

namespace Salvor.Cli;

/// <summary><c>salvor export</c>: an ordinary snapshot file out of a repository.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The snapshot file to make; nothing is overwritten.",
        };
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var point = new RestorePointOptions();
        var command = new ExampleCommand(
            "export",
            "Make an ordinary etcd snapshot file of any moment in a repository, which any etcd tool restores.",
            "salvor export snap.db --repository s3://backups/prod",
            "salvor export snap.db --repository /srv/backup --revision 81234",
            "salvor export snap.db --repository /srv/backup --snapshot 019f3a2b")
        {
            file,
        };
        point.AddTo(command);
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction((parse, ct) =>
            RunAsync(parse, context, repository, point, parse.GetRequiredValue(file), ct));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parse, CommandContext context, RepositoryOptions repository, RestorePointOptions point,
        string file, CancellationToken ct)
    {
        var wanted = point.Read(parse);
        using var opened = await repository.OpenAsync(parse, context, ct);
        ExportReport report;
        using (var progress = parse.StartProgress(context))
        {
            var export = new SnapshotExport(context.FileSystem, context.CpuPool, context.Entropy, context.Time);
            report = await export.RunAsync(opened.ForObjects(context.Entropy), wanted, file, progress, ct);
        }

        if (parse.IsJson())
        {
            WriteJson(context.Terminal, report);
        }
        else
        {
            WriteText(context.Terminal, report);
        }

        return ExitCodes.Ok;
    }

    private static void WriteText(Terminal terminal, ExportReport report)
    {
        var plan = report.Plan;
        foreach (var passed in plan.PassedOver)
        {
            terminal.Error.WriteLine($"salvor: passed over {passed.What} of revision {passed.Revision}: {passed.Why}");
        }

        var output = terminal.Out;
        output.WriteLine($"Snapshot file {report.File}");
        output.WriteLine($"  revision {plan.Revision}");
        output.WriteLine($"  size     {ProgressText.Size(report.SizeBytes)} ({report.SizeBytes} bytes)");
        output.WriteLine($"  sha256   {report.Sha256}{(report.IsAsSent ? " (as etcd sent it, checked)" : "")}");
        output.WriteLine($"  out of   snapshot {plan.Base.Id} of revision {plan.Base.Revision}"
            + Describe(plan));
        output.WriteLine($"  time     {ProgressText.Duration(report.Elapsed)}");
    }

    private static string Describe(RestorePlan plan) => plan switch
    {
        { IsCut: true } => ", without what came later",
        { LogRevisions: > 0 } => $" and {plan.LogRevisions} revisions of the log",
        _ => "",
    };

    private static void WriteJson(Terminal terminal, ExportReport report) => terminal.WriteJson(json =>
    {
        var plan = report.Plan;
        json.WriteString("file", report.File);
        json.WriteNumber("revision", plan.Revision);
        json.WriteString("snapshot", plan.Base.Id);
        json.WriteNumber("snapshotRevision", plan.Base.Revision);
        json.WriteNumber("logRevisions", plan.LogRevisions);
        json.WriteBoolean("asSent", report.IsAsSent);
        json.WriteNumber("sizeBytes", report.SizeBytes);
        json.WriteString("sha256", report.Sha256);
        json.WriteNumber("elapsedSeconds", Math.Round(report.Elapsed.TotalSeconds, 3));
        RestoreOutput.WritePassedOver(plan, json);
    });
}
