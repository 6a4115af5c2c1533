using System.CommandLine;
using Salvor.Restore;

namespace Salvor.Cli;

/// <summary><c>salvor restore</c>: a snapshot file becomes a data directory that etcd boots.</summary>
internal static class RestoreCommand
{
    public static Command Create(CommandContext context)
    {
        var snapshot = new Argument<string>("SNAPSHOT")
        {
            Description = "The snapshot file, as salvor backup or etcdctl snapshot save wrote it.",
        };
        var target = new TargetOptions();
        var skipHash = new Option<bool>("--skip-hash-check")
        {
            Description = "Accept a file without a stored hash, such as a copied member/snap/db; "
                + "all of it is checked first.",
        };
        var command = new ExampleCommand(
            "restore",
            "Restore a snapshot file into a data directory that etcd boots as a new single member.",
            "salvor restore snap.db --data-dir /var/lib/etcd --quarantine",
            "salvor restore snap.db --data-dir /tmp/etcd --name n1 --peer-urls https://10.0.0.5:2380",
            "salvor restore snap.db --data-dir /var/lib/etcd --quarantine --revision-bump 1000000000")
        {
            snapshot,
            skipHash,
        };
        target.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            var options = target.Read(parse, context) with { SkipsHashCheck = parse.GetValue(skipHash) };
            RestoreReport report;
            using (var progress = parse.StartProgress(context))
            {
                var restore = new SnapshotRestore(context.FileSystem, context.CpuPool, context.Time);
                report = await restore.RunAsync(parse.GetRequiredValue(snapshot), options, progress, ct);
            }

            Write(report, context.Terminal, parse.IsJson());
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(RestoreReport report, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            WriteJson(report, terminal);
            return;
        }

        var output = terminal.Out;
        var hash = report.SourceSha256 is null
            ? "none stored; every entry was checked"
            : $"{report.SourceSha256} agrees";
        output.WriteLine(
            $"Restored {report.Source} into {report.DataDirectory} in {ProgressText.Duration(report.Elapsed)}.");
        output.WriteLine($"  revision   {report.Revision} (history from {Math.Max(1, report.CompactRevision)} on), "
            + $"{report.Entries} entries");
        output.WriteLine($"  database   {ProgressText.Size(report.DatabaseBytes)}, "
            + $"from a snapshot of {ProgressText.Size(report.SourceBytes)}");
        output.WriteLine($"  hash       {hash}");
        output.WriteLine($"  member     {report.Member.Id} ({report.Member.Name}), "
            + $"peer URLs {string.Join(",", report.Member.PeerUrls)}");
        output.WriteLine($"  cluster    {report.Cluster}, token {report.ClusterToken}");
        foreach (var quarantine in report.Quarantines)
        {
            output.WriteLine($"  old data   {quarantine}");
        }
    }

    private static void WriteJson(RestoreReport report, Terminal terminal) => terminal.WriteJson(json =>
    {
        json.WriteString("source", report.Source);
        json.WriteNumber("sourceBytes", report.SourceBytes);
        json.WriteString("sourceSha256", report.SourceSha256);
        json.WriteString("dataDirectory", report.DataDirectory);
        json.WriteNumber("databaseBytes", report.DatabaseBytes);
        json.WriteNumber("entries", report.Entries);
        json.WriteNumber("revision", report.Revision);
        json.WriteNumber("compactRevision", report.CompactRevision);
        json.WriteString("memberId", report.Member.Id.ToString());
        json.WriteString("name", report.Member.Name);
        json.WriteString("clusterId", report.Cluster.ToString());
        json.WriteString("clusterToken", report.ClusterToken);
        json.WriteStartArray("quarantines");
        foreach (var quarantine in report.Quarantines)
        {
            json.WriteStringValue(quarantine);
        }

        json.WriteEndArray();
        json.WriteNumber("elapsedSeconds", report.Elapsed.TotalSeconds);
    });
}
