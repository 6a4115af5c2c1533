using System.Text.Json;
using Salvor.Formats.Etcd;
using Salvor.Inspect;

namespace Salvor.Cli;

/// <summary>
/// What inspect found, as JSON properties. Keys are text with \x escapes, and base64 beside it where they must be
/// exact.
/// </summary>
internal static class InspectionJson
{
    public static void Write(Utf8JsonWriter json, Inspection inspection)
    {
        json.WriteString("path", inspection.Path);
        json.WriteNumber("errors", inspection.Errors);
        json.WriteNumber("keyspaceBytes", inspection.KeyspaceBytes);
        json.WriteNumber("fragmentation", Math.Round(inspection.Fragmentation, 4));
        DatabaseJson.Write(json, inspection.Facts);
        if (inspection.Log is { } log)
        {
            Write(json, log);
        }

        WriteGroups(json, "resources", inspection.Resources);
        WriteGroups(json, "namespaces", inspection.Namespaces);
        WriteSizes(json, "biggestKeys", inspection.BiggestKeys);
        WriteSizes(json, "deepestKeys", inspection.DeepestKeys);
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyCollection<KeyEntry> keys)
    {
        json.WriteStartArray("keys");
        foreach (var key in keys)
        {
            json.WriteStartObject();
            WriteKey(json, key);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, KeyEntry key, ValueText value)
    {
        WriteKey(json, key);
        json.WriteString("valueKind", value.Label);
        json.WriteString("valueText", value.Text);
        json.WriteBase64String("value", key.Value);
    }

    private static void WriteKey(Utf8JsonWriter json, KeyEntry key)
    {
        json.WriteString("key", KeyText.Show(key.Key));
        json.WriteBase64String("keyBase64", key.Key);
        json.WriteNumber("modRevision", key.Revision.Main);
        json.WriteNumber("subRevision", key.Revision.Sub);
        json.WriteNumber("createRevision", key.CreateRevision);
        json.WriteNumber("version", key.Version);
        json.WriteString("lease", key.Lease == 0 ? null : $"{key.Lease:x}");
        json.WriteNumber("valueBytes", key.ValueBytes);
    }

    private static void Write(Utf8JsonWriter json, LogSummary log)
    {
        json.WriteStartObject("log");
        json.WriteNumber("segments", log.Segments);
        WriteIndex(json, "firstIndex", log.FirstIndex);
        WriteIndex(json, "lastIndex", log.LastIndex);
        WriteIndex(json, "commit", log.Commit);
        json.WriteString("clusterId", log.ClusterId);
        json.WriteString("memberId", log.MemberId);
        json.WriteStartArray("snapFiles");
        foreach (var name in log.SnapFiles)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteIndex(Utf8JsonWriter json, string name, ulong? index)
    {
        if (index is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteGroups(Utf8JsonWriter json, string name, IReadOnlyList<GroupSize> groups)
    {
        json.WriteStartArray(name);
        foreach (var group in groups)
        {
            json.WriteStartObject();
            json.WriteString("name", group.Name);
            json.WriteNumber("keys", group.Keys);
            json.WriteNumber("entries", group.Entries);
            json.WriteNumber("storedBytes", group.StoredBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSizes(Utf8JsonWriter json, string name, IReadOnlyList<KeySize> keys)
    {
        json.WriteStartArray(name);
        foreach (var key in keys)
        {
            json.WriteStartObject();
            json.WriteString("key", key.Key);
            json.WriteNumber("entries", key.Entries);
            json.WriteNumber("valueBytes", key.ValueBytes);
            json.WriteNumber("storedBytes", key.StoredBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
