using System.CommandLine;
using System.Text.Json;
using Salvor.Verify.Stored;

namespace Salvor.Cli;

/// <summary><c>salvor verify</c> of a repository.</summary>
internal static class VerifyRepository
{
    public static async Task<int> RunAsync(
        ParseResult parse, CommandContext context, RepositoryOptions repository, VerifyDepthOptions depth,
        CancellationToken ct)
    {
        var options = depth.Read(parse, context);
        using var opened = await repository.OpenAsync(parse, context, ct);
        RepositoryCheckReport report;
        using (var progress = parse.StartProgress(context))
        {
            var check = new RepositoryCheck(
                opened.ForObjects(context.Entropy), context.FileSystem, context.CpuPool, context.Entropy,
                context.Time);
            report = await check.RunAsync(options, progress, ct);
        }

        if (parse.IsJson())
        {
            context.Terminal.WriteJson(json => WriteJson(json, report));
        }
        else
        {
            WriteText(context.Terminal.Out, report);
        }

        if (report.RecordFault is { } fault)
        {
            context.Terminal.Error.WriteLine(
                $"salvor: the check could not be recorded: {fault} Use --no-record where nothing may be stored.");
        }

        return report.IsOnlyTooNew ? ExitCodes.NewerFormat
            : report.Findings.Errors > 0 ? ExitCodes.Corrupt
            : ExitCodes.Ok;
    }

    private static void WriteText(TextWriter output, RepositoryCheckReport report)
    {
        FindingText.Write(output, report.Findings);
        output.WriteLine($"  snapshots  {report.GoodSnapshots} of {report.Snapshots} good, on {report.Timelines} "
            + $"timelines, out of {report.Packs} packs");
        output.WriteLine($"  log        {report.Segments} segments");
        if (report.ReadObjects > 0)
        {
            output.WriteLine($"  read       {report.ReadObjects} packs and segments, "
                + $"{ProgressText.Size(report.ReadBytes)} (seed {report.Seed})");
        }

        if (report is { ImageOf: { } manifest, Database: { } facts })
        {
            output.WriteLine($"  database   of snapshot {manifest.Id}:");
            VerifyCommand.WriteFacts(output, facts);
        }

        if (report.IsOnlyTooNew)
        {
            output.WriteLine($"{report.Location} could not be checked in full: {report.Findings.Errors} objects were "
                + "written by a newer salvor, which is needed to check them "
                + $"({ProgressText.Duration(report.Elapsed)}).");
            return;
        }

        FindingText.WriteVerdict(output, report.Location, report.Findings, report.Elapsed);
    }

    private static void WriteJson(Utf8JsonWriter json, RepositoryCheckReport report)
    {
        json.WriteString("repository", report.Location);
        json.WriteString("depth", JsonNamingPolicy.CamelCase.ConvertName(report.Depth.ToString()));
        json.WriteNumber("seed", report.Seed);
        json.WriteBoolean("good", report.Findings.Errors == 0);
        json.WriteNumber("errors", report.Findings.Errors);
        json.WriteNumber("warnings", report.Findings.Warnings);
        json.WriteNumber("timelines", report.Timelines);
        json.WriteNumber("snapshots", report.Snapshots);
        json.WriteNumber("goodSnapshots", report.GoodSnapshots);
        json.WriteNumber("packs", report.Packs);
        json.WriteNumber("segments", report.Segments);
        json.WriteNumber("readObjects", report.ReadObjects);
        json.WriteNumber("readBytes", report.ReadBytes);
        json.WriteNumber("elapsedSeconds", report.Elapsed.TotalSeconds);
        json.WriteString("recordFault", report.RecordFault);
        if (report is { ImageOf: { } manifest, Database: { } facts })
        {
            json.WriteStartObject("database");
            json.WriteString("snapshot", manifest.Id);
            DatabaseJson.Write(json, facts);
            json.WriteEndObject();
        }

        FindingJson.Write(json, report.Findings);
    }
}
