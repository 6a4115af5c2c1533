using System.CommandLine;
using System.Text.Json;
using Salvor.ObjectStore.Decorators;
using Salvor.ObjectStore.Probe;

namespace Salvor.Cli;

/// <summary><c>salvor repo probe</c>: whether somebody's own store does what Salvor builds on.</summary>
internal static class RepoProbeCommand
{
    public static Command Create(CommandContext context)
    {
        var arguments = new StoreArguments();
        var command = new ExampleCommand(
            "probe",
            "Try what a store allows and whether it keeps its word, and say what it may be used for.",
            "salvor repo probe /mnt/backup",
            "salvor repo probe s3://backups/cluster-1 --s3-region eu-central-1",
            "salvor repo probe s3://backups --s3-endpoint https://s3.example.net:9000 --s3-path-style "
                + "--s3-ca-file ca.pem");
        arguments.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var metrics = new StoreMetrics();
            using var opened = arguments.Open(parse, context, metrics);
            var report = await new StoreProbe(opened.Store, context.Entropy, context.Time).RunAsync(ct);
            if (parse.IsJson())
            {
                context.Terminal.WriteJson(json => WriteJson(json, report));
            }
            else
            {
                WriteText(context.Terminal.Out, report);
            }

            return ExitCodeOf(report);
        });
        return command;
    }

    private static int ExitCodeOf(ProbeReport report)
    {
        if (report.Allows(StoreUse.Repository))
        {
            return report.Allows(StoreUse.Lease) ? ExitCodes.Ok : ExitCodes.Partial;
        }

        return report.Against(StoreUse.Repository).Any(c => c.Outcome == ProbeOutcome.Denied)
            ? ExitCodes.StoreDenied
            : ExitCodes.StoreRefused;
    }

    private static void WriteText(TextWriter output, ProbeReport report)
    {
        output.WriteLine(report.Location);
        output.WriteLine();
        var table = new TextTable("CHECK", "RESULT", "NEEDED FOR", "");
        foreach (var check in report.Checks)
        {
            table.Add(check.Name, Name(check.Outcome), string.Join(", ", check.NeededFor.Select(Name)),
                check.Detail ?? "");
        }

        table.Write(output, rightAligned: 0);
        output.WriteLine();
        WriteUse(output, report, StoreUse.Repository, "It may hold a repository.", "It can't hold a repository");
        WriteUse(output, report, StoreUse.Lease, "It may hold the lease.", "It can't hold the lease");
        WriteUse(output, report, StoreUse.Prune, "These credentials may prune it.", "These credentials can't prune it");
        if (report is { PutTime: { } put, GetTime: { } get })
        {
            output.WriteLine($"A put took {put.TotalMilliseconds:0} ms, a get {get.TotalMilliseconds:0} ms.");
        }

        if (report.ClockOffset is { } offset && offset.Duration() > TimeSpan.FromSeconds(30))
        {
            output.WriteLine($"Its clock and this machine's differ by {ProgressText.Duration(offset.Duration())}.");
        }

        if (report.LeftBehind is [var first, ..])
        {
            output.WriteLine(
                $"{report.LeftBehind.Count} small objects could not be deleted; their names begin with "
                + $"{first.Value.Split('/')[0]}/.");
        }
    }

    private static void WriteUse(TextWriter output, ProbeReport report, StoreUse use, string yes, string no) =>
        output.WriteLine(report.Allows(use)
            ? yes
            : $"{no}: {string.Join(", ", report.Against(use).Select(c => $"{c.Name} {Name(c.Outcome)}"))}.");

    private static void WriteJson(Utf8JsonWriter json, ProbeReport report)
    {
        json.WriteString("location", report.Location);
        json.WriteStartArray("checks");
        foreach (var check in report.Checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("outcome", NameOf(check.Outcome));
            json.WriteStartArray("neededFor");
            foreach (var use in check.NeededFor)
            {
                json.WriteStringValue(NameOf(use));
            }

            json.WriteEndArray();
            json.WriteString("detail", check.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("mayBeUsedFor");
        foreach (var use in Enum.GetValues<StoreUse>())
        {
            json.WriteBoolean(NameOf(use), report.Allows(use));
        }

        json.WriteEndObject();
        WriteSeconds(json, "clockOffsetSeconds", report.ClockOffset);
        WriteSeconds(json, "putSeconds", report.PutTime);
        WriteSeconds(json, "getSeconds", report.GetTime);
        json.WriteStartArray("leftBehind");
        foreach (var name in report.LeftBehind)
        {
            json.WriteStringValue(name.Value);
        }

        json.WriteEndArray();
    }

    private static void WriteSeconds(Utf8JsonWriter json, string name, TimeSpan? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Math.Round(known.TotalSeconds, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>The name for people, in words.</summary>
    private static string Name<T>(T value)
        where T : struct, Enum => value is ProbeOutcome.NotTried ? "not tried" : NameOf(value);

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
