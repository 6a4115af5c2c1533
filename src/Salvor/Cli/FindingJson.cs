using System.Text.Json;
using Salvor.Verify;

namespace Salvor.Cli;

/// <summary>Findings as every command shows them to programs.</summary>
internal static class FindingJson
{
    /// <summary>Writes the findings as an array, and how many more there were.</summary>
    public static void Write(Utf8JsonWriter json, FindingList findings)
    {
        json.WriteStartArray("findings");
        foreach (var finding in findings.Kept)
        {
            json.WriteStartObject();
            json.WriteString("severity", JsonNamingPolicy.CamelCase.ConvertName(finding.Severity.ToString()));
            json.WriteString("code", finding.Code);
            json.WriteString("source", finding.Source);
            if (finding.Offset is { } offset)
            {
                json.WriteNumber("offset", offset);
            }

            json.WriteString("message", finding.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("findingsLeftOut", findings.Dropped);
    }
}
