using System.CommandLine;
using System.Text.Json;
using Salvor.Formats.Findings;
using Salvor.Verify;

namespace Salvor.Cli;

/// <summary><c>salvor verify</c>: everything that a stored etcd can be held to.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandContext context)
    {
        var path = new Argument<string>("PATH")
        {
            Description =
            "A snapshot file, a database file, or the data directory of a stopped etcd."
        };
        var walDirectory = new Option<string?>("--wal-dir")
        {
            Description = "etcd's --wal-dir, where the log has a directory of its own.",
            HelpName = "DIR",
        };
        var command = new ExampleCommand(
            "verify",
            "Check a snapshot, database or data directory, and list everything that is wrong with it.",
            "salvor verify snap.db",
            "salvor verify /var/lib/etcd --output json")
        {
            path,
            walDirectory,
        };
        command.SetAction(async (parse, ct) =>
        {
            VerifyReport report;
            using (var progress = parse.StartProgress(context))
            {
                var verification = new Verification(context.FileSystem, context.CpuPool, context.Time);
                report = await verification.RunAsync(parse.GetRequiredValue(path), parse.GetValue(walDirectory),
                    progress, ct);
            }

            if (parse.IsJson())
            {
                context.Terminal.WriteJson(json => WriteJson(json, report));
            }
            else
            {
                WriteText(context.Terminal.Out, report);
            }

            return report.Findings.Errors > 0 ? ExitCodes.Corrupt : ExitCodes.Ok;
        });
        return command;
    }

    private static void WriteText(TextWriter output, VerifyReport report)
    {
        foreach (var finding in report.Findings.Kept)
        {
            var place = finding.Offset is { } offset ? $" at {offset} (0x{offset:x})" : "";
            output.WriteLine($"{Name(finding.Severity),-8} {finding.Code}: {finding.Source}{place}: {finding.Message}");
        }

        if (report.Findings.Dropped > 0)
        {
            output.WriteLine($"... and {report.Findings.Dropped} more.");
        }

        WriteFacts(output, report);
        output.WriteLine(report.Findings switch
        {
            { Errors: 0, Warnings: 0 } => $"{report.Path} is good ({ProgressText.Duration(report.Elapsed)}).",
            { Errors: 0 } => $"{report.Path} is good, with {report.Findings.Warnings} warnings "
                + $"({ProgressText.Duration(report.Elapsed)}).",
            _ => $"{report.Path} is damaged: {report.Findings.Errors} errors, {report.Findings.Warnings} warnings "
                + $"({ProgressText.Duration(report.Elapsed)}).",
        });
    }

    private static void WriteFacts(TextWriter output, VerifyReport report)
    {
        if (report.Database is not { } facts)
        {
            return;
        }

        output.WriteLine($"  revision   {facts.Revision} (compacted up to {facts.CompactRevision})");
        output.WriteLine($"  keys       {facts.LiveKeys} live, {facts.Entries} entries");
        output.WriteLine($"  database   {ProgressText.Size(facts.ImageBytes)} in pages of {facts.PageSizeBytes} "
            + $"bytes, {facts.FreePages} of {facts.Pages} pages free");
        if (facts.HashKv is { } hashKv)
        {
            output.WriteLine(
                $"  HashKV     {hashKv} at revision {facts.Revision}, compacted at {facts.CompactRevision}");
        }

        if (facts.StatusHash is { } statusHash)
        {
            output.WriteLine($"  status     {statusHash:x} (the hash that etcdutl snapshot status shows)");
        }

        if (facts.Sha256 is { } sha256)
        {
            output.WriteLine($"  SHA-256    {sha256} agrees");
        }
    }

    private static void WriteJson(Utf8JsonWriter json, VerifyReport report)
    {
        json.WriteString("path", report.Path);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(report.Kind.ToString()));
        json.WriteBoolean("good", report.Findings.Errors == 0);
        json.WriteNumber("errors", report.Findings.Errors);
        json.WriteNumber("warnings", report.Findings.Warnings);
        json.WriteNumber("elapsedSeconds", report.Elapsed.TotalSeconds);
        if (report.Database is { } facts)
        {
            json.WriteStartObject("database");
            DatabaseJson.Write(json, facts);
            json.WriteEndObject();
        }

        FindingJson.Write(json, report.Findings);
    }

    private static string Name(Severity severity) => JsonNamingPolicy.CamelCase.ConvertName(severity.ToString());
}
