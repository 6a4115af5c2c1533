using System.Text.Json;
using Salvor.Verify;

namespace Salvor.Cli;

/// <summary>The facts of a database as JSON properties; verify and inspect share them.</summary>
internal static class DatabaseJson
{
    public static void Write(Utf8JsonWriter json, DatabaseFacts facts)
    {
        json.WriteNumber("revision", facts.Revision);
        json.WriteNumber("compactRevision", facts.CompactRevision);
        json.WriteNumber("liveKeys", facts.LiveKeys);
        json.WriteNumber("entries", facts.Entries);
        json.WriteNumber("imageBytes", facts.ImageBytes);
        json.WriteNumber("pageSizeBytes", facts.PageSizeBytes);
        json.WriteNumber("pages", facts.Pages);
        json.WriteNumber("freePages", facts.FreePages);
        json.WriteNumber("consistentIndex", facts.Meta.ConsistentIndex);
        WriteNumber(json, "term", facts.Meta.Term);
        json.WriteString("storageVersion", facts.Meta.StorageVersion);
        json.WriteNumber("leases", facts.Leases);
        json.WriteBoolean("authEnabled", facts.AuthEnabled);
        WriteNumber(json, "hashKv", facts.HashKv);
        WriteNumber(json, "statusHash", facts.StatusHash);
        json.WriteString("sha256", facts.Sha256);
        WriteMembers(json, facts);
    }

    private static void WriteMembers(Utf8JsonWriter json, DatabaseFacts facts)
    {
        json.WriteStartArray("members");
        foreach (var member in facts.Members)
        {
            json.WriteStartObject();
            json.WriteString("id", member.Id.ToString());
            json.WriteString("name", member.Name);
            WriteStrings(json, "peerUrls", member.PeerUrls);
            WriteStrings(json, "clientUrls", member.ClientUrls);
            json.WriteBoolean("isLearner", member.IsLearner);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("alarms");
        foreach (var alarm in facts.Alarms)
        {
            json.WriteStartObject();
            json.WriteString("memberId", alarm.Member.ToString());
            json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(alarm.Kind.ToString()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
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

    private static void WriteNumber(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
