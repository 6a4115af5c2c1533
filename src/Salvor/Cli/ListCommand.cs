using System.CommandLine;
using System.Globalization;
using Salvor.Errors;
using Salvor.Formats;
using Salvor.Repository;
using Salvor.Repository.Snapshots;

namespace Salvor.Cli;

/// <summary><c>salvor list</c>: the snapshots of a repository.</summary>
internal static class ListCommand
{
    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var command = new ExampleCommand(
            "list",
            "List the snapshots of a repository, by timeline and revision.",
            "salvor list --repository s3://backups/prod",
            "salvor list --repository /srv/backup --output json");
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var opened = await repository.OpenAsync(parse, context, ct);
            var found = await ReadAllAsync(opened.ForObjects(context.Entropy), ct);
            if (parse.IsJson())
            {
                WriteJson(context.Terminal, found);
            }
            else
            {
                WriteTable(context, opened.Store.Location, found);
            }

            return found.Exists(row => row.Fault is { IsTooNew: false }) ? ExitCodes.Corrupt
                : found.Exists(row => row.Fault is not null) ? ExitCodes.NewerFormat
                : ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<List<Row>> ReadAllAsync(OpenRepository repository, CancellationToken ct)
    {
        var catalog = new SnapshotCatalog(repository);
        var rows = new List<Row>();
        foreach (var timeline in await catalog.ListTimelinesAsync(ct))
        {
            var checks = await new SnapshotChecks(repository, timeline).ReadNewestAsync(ct);
            foreach (var entry in await catalog.ListAsync(timeline, ct))
            {
                var check = checks.GetValueOrDefault(entry.Id.Value);
                try
                {
                    rows.Add(new Row(entry, await catalog.ReadAsync(entry, ct), check, Fault: null));
                }
                catch (SalvorException e) when (e.Code == ErrorCode.NotFound)
                {
                    // Pruned since it was listed.
                }
                catch (Exception e) when (e is CorruptDataException
                    or SalvorException { Code: ErrorCode.Corrupt or ErrorCode.NewerFormat })
                {
                    var isTooNew = e is SalvorException { Code: ErrorCode.NewerFormat };
                    rows.Add(new Row(entry, Manifest: null, check, new RowFault(e.Message, isTooNew)));
                }
            }
        }

        return rows;
    }

    private static void WriteTable(CommandContext context, string location, List<Row> rows)
    {
        var terminal = context.Terminal;
        if (rows.Count == 0)
        {
            terminal.Out.WriteLine($"{location} has no snapshots yet: salvor backup takes one.");
            return;
        }

        var table = new TextTable("TIMELINE", "REVISION", "IMAGE", "STORED", "SNAPSHOT", "TAKEN (UTC)", "ETCD",
            "KIT", "VERIFIED");
        var now = context.Time.GetUtcNow();
        foreach (var (entry, manifest, check, fault) in rows)
        {
            table.Add(
                entry.Timeline.ToString(),
                entry.Revision.ToString(CultureInfo.InvariantCulture),
                manifest is null ? "" : ProgressText.Size(manifest.ImageBytes),
                manifest is null ? "" : ProgressText.Size(manifest.StoredBytes),
                entry.Id.Value,
                manifest is null
                    ? $"{(fault!.IsTooNew ? "NEEDS A NEWER SALVOR" : "DAMAGED")}: {fault.Message}"
                    : manifest.Begun.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                manifest?.Source.Version ?? "",
                manifest is null ? "" : KitText.Brief(manifest.Kit),
                check is null ? "never" : CheckText.Describe(check, now));
        }

        table.Write(terminal.Out, rightAligned: 4);
    }

    private static void WriteJson(Terminal terminal, List<Row> rows) => terminal.WriteJson(json =>
    {
        json.WriteStartArray("snapshots");
        foreach (var (entry, manifest, check, fault) in rows)
        {
            json.WriteStartObject();
            if (manifest is null)
            {
                json.WriteString("snapshot", entry.Id.Value);
                json.WriteNumber("timeline", entry.Timeline.Value);
                json.WriteNumber("revision", entry.Revision);
                json.WriteString("fault", fault!.Message);
                json.WriteBoolean("needsNewerSalvor", fault.IsTooNew);
            }
            else
            {
                SnapshotOutput.WriteManifest(json, manifest);
            }

            if (check is not null)
            {
                json.WriteStartObject("verified");
                CheckText.WriteJson(json, check);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private sealed record Row(
        SnapshotEntry Entry, SnapshotManifest? Manifest, SnapshotCheck? Check, RowFault? Fault);

    private sealed record RowFault(string Message, bool IsTooNew);
}
