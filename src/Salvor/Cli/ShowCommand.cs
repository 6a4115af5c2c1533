using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Salvor.Repository.Snapshots;

namespace Salvor.Cli;

/// <summary><c>salvor show</c>: all that a repository says of one snapshot.</summary>
internal static class ShowCommand
{
    public static Command Create(CommandContext context)
    {
        var id = new Argument<string>("SNAPSHOT")
        {
            Description = "The snapshot's id as salvor list shows it, or the start of it.",
        };
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var command = new ExampleCommand(
            "show",
            "Show a snapshot: what it holds, its packs, the log after it, and when it was verified.",
            "salvor show 019f3a2b --repository s3://backups/prod",
            "salvor show 019f3a2b --repository /srv/backup --output json")
        {
            id,
        };
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var opened = await repository.OpenAsync(parse, context, ct);
            var objects = opened.ForObjects(context.Entropy);
            var entry = await new SnapshotSearch(objects).FindAsync(parse.GetRequiredValue(id), ct);
            var details = await SnapshotDetails.ReadAsync(objects, entry, ct);
            if (parse.IsJson())
            {
                context.Terminal.WriteJson(json => WriteJson(json, details));
            }
            else
            {
                WriteText(context.Terminal.Out, details, context.Time.GetUtcNow());
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void WriteText(TextWriter output, SnapshotDetails details, DateTimeOffset now)
    {
        var manifest = details.Manifest;
        var live = details.PackPages == 0 ? 0 : 100.0 * details.LivePages / details.PackPages;
        output.WriteLine($"Snapshot {manifest.Id}");
        output.WriteLine($"  revision {manifest.Revision} (history from {Math.Max(1, manifest.CompactRevision)} on), "
            + $"timeline {manifest.Timeline}");
        output.WriteLine($"  taken    {Utc(manifest.Begun)} from etcd {manifest.Source.Version}, cluster "
            + $"{manifest.Source.ClusterId}, member {manifest.Source.MemberId}");
        output.WriteLine($"  image    {ProgressText.Size(manifest.ImageBytes)}, sha256 {manifest.ImageSha256}");
        output.WriteLine($"  stored   {ProgressText.Size(manifest.StoredBytes)} for {manifest.ChangedPages} pages "
            + "that were new");
        output.WriteLine($"  packs    {manifest.Packs.Length} of "
            + $"{ProgressText.Size(manifest.Packs.Sum(pack => pack.Bytes))}; "
            + string.Create(CultureInfo.InvariantCulture, $"{live:f0} % of their pages are in use"));
        output.WriteLine($"  kit      {KitText.Describe(manifest.Kit)}");
        output.WriteLine(details.LogSegments == 0
            ? "  log      none after it"
            : $"  log      {details.LogSegments} segments of {ProgressText.Size(details.LogBytes)} lead on to "
                + $"revision {details.LogRevision}{(details.LogTime is { } time ? $" of {Utc(time)}" : "")}");
        output.WriteLine(details.Checks is [.., var check]
            ? $"  verified {CheckText.Describe(check, now)}, by salvor {check.Version}; {details.Checks.Count} in all"
            : "  verified never: salvor verify --repository does it");
    }

    private static void WriteJson(Utf8JsonWriter json, SnapshotDetails details)
    {
        SnapshotOutput.WriteManifest(json, details.Manifest);
        json.WriteNumber("packBytes", details.Manifest.Packs.Sum(pack => pack.Bytes));
        json.WriteNumber("packPages", details.PackPages);
        json.WriteNumber("livePages", details.LivePages);
        json.WriteStartObject("log");
        json.WriteNumber("revision", details.LogRevision);
        json.WriteNumber("segments", details.LogSegments);
        json.WriteNumber("bytes", details.LogBytes);
        if (details.LogTime is { } time)
        {
            json.WriteString("time", time);
        }

        json.WriteEndObject();
        json.WriteStartArray("checks");
        foreach (var check in details.Checks)
        {
            json.WriteStartObject();
            CheckText.WriteJson(json, check);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Utc(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
