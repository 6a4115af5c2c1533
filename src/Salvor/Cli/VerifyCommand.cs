using System.CommandLine;
using System.Text.Json;
using Salvor.Errors;
using Salvor.Verify;

namespace Salvor.Cli;

/// <summary><c>salvor verify</c>: everything that a stored etcd can be held to.</summary>
internal static class VerifyCommand
{
    public static Command Create(CommandContext context)
    {
        var path = new Argument<string?>("PATH")
        {
            Description = "A snapshot file, a database file, or the data directory of a stopped etcd; without one, "
                + "the repository is checked.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var walDirectory = new Option<string?>("--wal-dir")
        {
            Description = "etcd's --wal-dir, where the log has a directory of its own.",
            HelpName = "DIR",
        };
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var depth = new VerifyDepthOptions();
        var command = new ExampleCommand(
            "verify",
            "Check a snapshot, database, data directory or repository, and list everything that is wrong with it.",
            "salvor verify snap.db",
            "salvor verify /var/lib/etcd --output json",
            "salvor verify --repository s3://backups/prod",
            "salvor verify --repository /srv/backup --read-data 10%",
            "salvor verify --repository /srv/backup --read-data all --scratch /var/tmp")
        {
            path,
            walDirectory,
        };
        depth.AddTo(command);
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction((parse, ct) => parse.GetValue(path) is { } file
            ? RunPathAsync(parse, context, file, parse.GetValue(walDirectory), repository, ct)
            : VerifyRepository.RunAsync(parse, context, repository, depth, ct));
        return command;
    }

    private static async Task<int> RunPathAsync(
        ParseResult parse, CommandContext context, string path, string? walDirectory, RepositoryOptions repository,
        CancellationToken ct)
    {
        if (repository.IsGiven(parse))
        {
            throw new SalvorException(ErrorCode.Usage, $"Both {path} and --repository are named.")
            {
                Hint = "Name what to verify: a file or directory of etcd's, or a repository.",
            };
        }

        VerifyReport report;
        using (var progress = parse.StartProgress(context))
        {
            var verification = new Verification(context.FileSystem, context.CpuPool, context.Time);
            report = await verification.RunAsync(path, walDirectory, progress, ct);
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
    }

    private static void WriteText(TextWriter output, VerifyReport report)
    {
        FindingText.Write(output, report.Findings);
        if (report.Database is { } facts)
        {
            WriteFacts(output, facts);
        }

        FindingText.WriteVerdict(output, report.Path, report.Findings, report.Elapsed);
    }

    /// <summary>What a database holds, for people.</summary>
    public static void WriteFacts(TextWriter output, DatabaseFacts facts)
    {
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
}
