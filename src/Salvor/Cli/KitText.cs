using System.Text.Json;
using Salvor.Repository.Kits;

namespace Salvor.Cli;

/// <summary>How a snapshot's kit is named wherever a snapshot is.</summary>
internal static class KitText
{
    /// <summary>In a word or two.</summary>
    public static string Brief(KitReference? kit) => kit switch
    {
        null => "none",
        { Missing.IsEmpty: true } => "complete",
        _ => $"{kit.Missing.Length} missing",
    };

    public static string Describe(KitReference? kit) => kit switch
    {
        null => "none: etcd's data alone makes no control plane; take backups on its machine, or see kit in the "
            + "configuration",
        { Missing.IsEmpty: true } => $"{kit.Entries} files and directories, complete",
        _ => $"NOT COMPLETE: {string.Join(", ", kit.Missing)} missing; {kit.Entries} files and directories are there",
    };

    public static void WriteJson(Utf8JsonWriter json, KitReference? kit)
    {
        if (kit is null)
        {
            json.WriteNull("kit");
            return;
        }

        json.WriteStartObject("kit");
        json.WriteString("id", kit.Id);
        json.WriteString("fingerprint", kit.Fingerprint);
        json.WriteNumber("entries", kit.Entries);
        json.WriteBoolean("complete", kit.Missing.IsEmpty);
        json.WriteStartArray("missing");
        foreach (var path in kit.Missing)
        {
            json.WriteStringValue(path);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
