using System.CommandLine;
using System.Text.Json;
using Salvor.DataDirectory;
using Salvor.Formats.Etcd.Replay;
using Salvor.Restore.Salvage;

namespace Salvor.Cli;

/// <summary><c>salvor salvage</c>: a damaged data directory becomes a good one.</summary>
internal static class SalvageCommand
{
    private const int FindingsShownMax = 20;

    public static Command Create(CommandContext context)
    {
        var source = new Argument<string>("DATA-DIR")
        {
            Description =
            "The damaged data directory of a stopped etcd. It is only read."
        };
        var sourceWal = new Option<string?>("--source-wal-dir")
        {
            Description = "The damaged etcd's --wal-dir, where its log has a directory of its own. By default the "
                + "manifest's, where DATA-DIR is the manifest's data directory.",
            HelpName = "DIR",
        };
        var snapshot = new Option<string?>("--snapshot")
        {
            Description = "A snapshot of the same cluster, to begin with where the database is bad; the log then "
                + "tells what came after it.",
            HelpName = "FILE",
        };
        var config = new ConfigOption();
        var target = new TargetOptions(config, "--to");
        var command = new ExampleCommand(
            "salvage",
            "Build a good data directory from what survives of a damaged one: database, log and snap files.",
            "salvor salvage /var/lib/etcd --to /var/lib/etcd.salvaged",
            "salvor salvage /var/lib/etcd --snapshot newest.db --to /var/lib/etcd.salvaged",
            "salvor salvage /var/lib/etcd --to /mnt/new/etcd --name n1 --peer-urls https://10.0.0.5:2380 --output json")
        {
            source,
            sourceWal,
            snapshot,
        };
        target.AddTo(command);
        config.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var damaged = parse.GetRequiredValue(source);
            var options = new SalvageOptions
            {
                Source = new MemberLayout(
                    damaged, parse.GetValue(sourceWal) ?? target.ManifestWalDirectory(damaged, parse, context)),
                Snapshot = parse.GetValue(snapshot),
                Target = target.Read(parse, context),
            };
            SalvageReport report;
            using (var progress = parse.StartProgress(context))
            {
                var salvage = new DirectorySalvage(context.FileSystem, context.Time);
                report = await context.CpuPool.Run(() => salvage.Run(options, progress, ct), ct);
            }

            RestoredStamp.Renew(context, report.DataDirectory, report.Cluster, report.Member.Id, timeline: null);

            if (parse.IsJson())
            {
                context.Terminal.WriteJson(json => WriteJson(json, report));
            }
            else
            {
                WriteText(context.Terminal.Out, report);
            }

            return report.IsComplete ? ExitCodes.Ok : ExitCodes.Partial;
        });
        return command;
    }

    private static void WriteText(TextWriter output, SalvageReport report)
    {
        output.WriteLine(
            $"Salvaged {report.Source} into {report.DataDirectory} in {ProgressText.Duration(report.Elapsed)}.");
        output.WriteLine($"  from       {report.PutTogetherFrom}");
        output.WriteLine(
            $"  revision   {report.Revision} (history from {Math.Max(1, report.CompactRevision)} on), "
            + $"{report.Entries} entries");
        if (report.RevisionAtStart != report.Revision)
        {
            output.WriteLine($"  raised to  {report.RevisionAtStart}");
        }

        output.WriteLine($"  raft       index {report.RaftIndex}, term {report.RaftTerm}");
        if (report.Replayed is { } counts)
        {
            output.WriteLine($"  replayed   {Replayed(report, counts)}");
        }

        output.WriteLine($"  database   {ProgressText.Size(report.DatabaseBytes)}");
        output.WriteLine($"  member     {report.Member.Id} ({report.Member.Name}), peer URLs "
            + $"{string.Join(",", report.Member.PeerUrls)}");
        output.WriteLine($"  cluster    {report.Cluster}, token {report.ClusterToken}");
        WriteSentences(output, report);
        output.WriteLine(report.IsComplete
            ? "Nothing is lost that the files let anybody know of."
            : "A part is LOST; see above.");
    }

    private static string Replayed(SalvageReport report, ReplayCounts counts)
    {
        if (report.RaftIndex <= report.BaseIndex)
        {
            return $"nothing: the log holds no usable entry after {report.BaseIndex}, where the base ends";
        }

        var first = report.BaseIndex + 1;
        var entries = report.RaftIndex == first ? $"entry {first}" : $"entries {first} to {report.RaftIndex}";
        return $"{entries}: {counts.Applied} applied, {counts.WithoutEffect} without effect, "
            + $"{counts.Refused} refused by etcd itself";
    }

    private static void WriteSentences(TextWriter output, SalvageReport report)
    {
        foreach (var quarantine in report.Quarantines)
        {
            output.WriteLine($"  old data   {quarantine}");
        }

        foreach (var finding in report.Findings.Kept.Take(FindingsShownMax))
        {
            var place = finding.Offset is { } offset ? $" at {offset} (0x{offset:x})" : "";
            output.WriteLine($"found: {finding.Code}: {finding.Source}{place}: {finding.Message}");
        }

        if (report.Findings.Kept.Count > FindingsShownMax)
        {
            output.WriteLine(
                $"found: ... and {report.Findings.Kept.Count - FindingsShownMax} more; salvor verify lists them");
        }

        foreach (var note in report.Notes)
        {
            output.WriteLine($"note: {note}");
        }

        foreach (var loss in report.Losses)
        {
            output.WriteLine($"LOST: {loss}");
        }
    }

    private static void WriteJson(Utf8JsonWriter json, SalvageReport report)
    {
        json.WriteString("source", report.Source);
        json.WriteString("dataDirectory", report.DataDirectory);
        json.WriteBoolean("complete", report.IsComplete);
        json.WriteString("putTogetherFrom", report.PutTogetherFrom);
        json.WriteNumber("revision", report.Revision);
        json.WriteNumber("revisionAtStart", report.RevisionAtStart);
        json.WriteNumber("compactRevision", report.CompactRevision);
        json.WriteNumber("raftIndex", report.RaftIndex);
        json.WriteNumber("raftTerm", report.RaftTerm);
        json.WriteNumber("baseRaftIndex", report.BaseIndex);
        if (report.Replayed is { } counts)
        {
            WriteCounts(json, counts);
        }

        json.WriteNumber("entries", report.Entries);
        json.WriteNumber("databaseBytes", report.DatabaseBytes);
        json.WriteString("memberId", report.Member.Id.ToString());
        json.WriteString("name", report.Member.Name);
        json.WriteString("clusterId", report.Cluster.ToString());
        json.WriteString("clusterToken", report.ClusterToken);
        WriteStrings(json, "losses", report.Losses);
        WriteStrings(json, "notes", report.Notes);
        WriteStrings(json, "quarantines", report.Quarantines);
        json.WriteNumber("errorsFound", report.Findings.Errors);
        json.WriteNumber("warningsFound", report.Findings.Warnings);
        FindingJson.Write(json, report.Findings);
        json.WriteNumber("elapsedSeconds", report.Elapsed.TotalSeconds);
    }

    private static void WriteCounts(Utf8JsonWriter json, ReplayCounts counts)
    {
        json.WriteStartObject("replayed");
        json.WriteNumber("applied", counts.Applied);
        json.WriteNumber("withoutEffect", counts.WithoutEffect);
        json.WriteNumber("refused", counts.Refused);
        json.WriteStartObject("refusedByReason");
        foreach (var (reason, count) in counts.RefusedByReason)
        {
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(reason.ToString()), count);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
