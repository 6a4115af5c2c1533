using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Salvor.LabTests.Cluster;

/// <summary>An entry of an agent's journal, as its file has it.</summary>
public sealed partial record AgentEntry(
    DateTimeOffset At, string Kind, string Cause, string? Rung, string? Step, string? Result, string Text)
{
    /// <summary>The revision that its text names last; null where it names none.</summary>
    public long? Revision => Named().Matches(Text) is { Count: > 0 } found
        ? long.Parse(found[^1].Groups[1].Value, CultureInfo.InvariantCulture)
        : null;

    public static AgentEntry Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var entry = json.RootElement;
        return new AgentEntry(
            entry.GetProperty("at").GetDateTimeOffset(), Of("kind")!, Of("cause")!, Of("rung"), Of("step"),
            Of("result"), Of("text") ?? "");

        string? Of(string name) => entry.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    [GeneratedRegex("revision ([0-9]+)")]
    private static partial Regex Named();
}
