using System.CommandLine;
using System.Globalization;
using Salvor.ObjectStore;
using Salvor.Repository.Keys;

namespace Salvor.Cli;

/// <summary><c>salvor key list</c>: the key slots of a repository.</summary>
internal static class KeyListCommand
{
    public static Command Create(CommandContext context)
    {
        var config = new ConfigOption();
        var repository = new RepositoryOptions(config);
        var command = new ExampleCommand(
            "list",
            "List the key slots of a repository: what opens it, and since when.",
            "salvor key list --repository s3://backups/prod",
            "salvor key list --repository /srv/backup --key-file /root/second.key --output json");
        repository.AddTo(command);
        config.AddTo(command);
        command.SetAction(async (parse, ct) =>
        {
            using var opened = await repository.OpenAsync(parse, context, ct);
            var slots = await KeySlots.ReadAsync(opened.Store, ct);
            if (parse.IsJson())
            {
                WriteJson(context.Terminal, opened, slots);
            }
            else
            {
                WriteTable(context.Terminal.Out, slots, opened.Slot);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static void WriteTable(TextWriter output, IReadOnlyList<StoredKeySlot> slots, ObjectName inUse)
    {
        var table = new TextTable("SLOT", "OPENS WITH", "MADE (UTC)", "");
        foreach (var (name, slot, fault) in slots)
        {
            table.Add(
                name.Value,
                slot is not null ? Describe(slot.Kind) : fault is null ? "a kind that this salvor can't read" : "",
                slot?.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "",
                fault is not null ? $"DAMAGED: {fault}" : name == inUse ? "opened it now" : "");
        }

        table.Write(output, rightAligned: 0);
    }

    private static void WriteJson(Terminal terminal, OpenedRepository opened, IReadOnlyList<StoredKeySlot> slots) =>
        terminal.WriteJson(json =>
        {
            json.WriteString("repository", opened.Store.Location);
            json.WriteStartArray("slots");
            foreach (var (name, slot, fault) in slots)
            {
                json.WriteStartObject();
                json.WriteString("slot", name.Value);
                if (slot is not null)
                {
                    json.WriteString("kind", slot.Kind);
                    json.WriteString("created", slot.Created);
                }

                json.WriteBoolean("openedNow", name == opened.Slot);
                json.WriteString("fault", fault);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    private static string Describe(string kind) => $"a {kind.Replace('-', ' ')}";
}
