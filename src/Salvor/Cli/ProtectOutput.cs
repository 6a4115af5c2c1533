using System.Collections.Immutable;
using System.Text.Json;
using Salvor.Readiness.Protect;

namespace Salvor.Cli;

/// <summary>What protect saw and did, as people and as programs read it.</summary>
internal static class ProtectOutput
{
    /// <summary>The worst of all items decides: failed or refused, then differing, then not to be seen.</summary>
    public static int ExitCodeOf(ImmutableArray<ProtectionResult> results)
    {
        if (results.Any(r => r.Outcome == ProtectionOutcome.Failed || r.Look.State == ProtectionState.Refused))
        {
            return ExitCodes.Failed;
        }

        if (results.Any(r => r.IsDue))
        {
            return ExitCodes.Differs;
        }

        return results.Any(r => r.Look.State == ProtectionState.Unseen) ? ExitCodes.Partial : ExitCodes.Ok;
    }

    /// <param name="results">What was seen and done.</param>
    /// <param name="aim">Which way.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="isJson">For programs.</param>
    /// <param name="isShown">Whether the differences were shown already, so that only what became of them is.</param>
    public static void Write(
        ImmutableArray<ProtectionResult> results, ProtectionAim aim, Terminal terminal, bool isJson, bool isShown)
    {
        if (isJson)
        {
            terminal.WriteJson(json => WriteJson(json, results, aim));
            return;
        }

        var section = "";
        foreach (var result in results.Where(r => !isShown || r.Outcome != ProtectionOutcome.Untouched))
        {
            if (result.Protection.Section != section)
            {
                section = result.Protection.Section;
                terminal.Out.WriteLine(section);
            }

            WriteText(terminal.Out, result);
        }

        WriteSummary(terminal, results, aim);
    }

    private static string WordOf(ProtectionResult result) => (result.Outcome, result.Look.State) switch
    {
        (ProtectionOutcome.Changed, _) => "changed",
        (ProtectionOutcome.Failed, _) => "FAILED",
        (_, ProtectionState.InForce) => "ok",
        (_, ProtectionState.Differs) => "DIFFERS",
        (_, ProtectionState.Refused) => "REFUSED",
        (_, ProtectionState.Unseen) => "UNSEEN",
        _ => "none",
    };

    private static void WriteText(TextWriter output, ProtectionResult result)
    {
        output.WriteLine($"  {WordOf(result),-8} {result.Protection.Name}: {result.Protection.Purpose}");
        var look = result.Look;
        WriteLine(output, "found", look.Found);
        if (look.State != ProtectionState.InForce)
        {
            WriteLine(output, "wanted", look.Wanted);
        }

        if (result.Outcome == ProtectionOutcome.Untouched)
        {
            WriteLine(output, "change", look.Change);
        }

        WriteLine(output, "note", look.Note);
        WriteLine(output, "failure", result.Failure?.Message);
        WriteLine(output, "hint", result.Failure?.Hint);
    }

    private static void WriteLine(TextWriter output, string label, string? text)
    {
        if (text is not null)
        {
            output.WriteLine($"           {label,-8} {text}");
        }
    }

    private static void WriteSummary(Terminal terminal, ImmutableArray<ProtectionResult> results, ProtectionAim aim)
    {
        var due = results.Count(r => r.IsDue);
        var changed = results.Count(r => r.Outcome == ProtectionOutcome.Changed);
        var open = results.Count(r => r.Outcome == ProtectionOutcome.Failed
            || r.Look.State is ProtectionState.Refused or ProtectionState.Unseen);
        terminal.Out.WriteLine((due, changed, open) switch
        {
            (0, 0, 0) => aim == ProtectionAim.Protect ? "Nothing differs." : "There is nothing to undo.",
            (0, 0, _) => $"Nothing was changed, and {open} need a look.",
            (0, _, 0) => $"{changed} changed.",
            (0, _, _) => $"{changed} changed, and {open} need a look.",
            (_, _, 0) => $"{due} differ.",
            _ => $"{due} differ, and {open} need a look.",
        });
    }

    private static void WriteJson(Utf8JsonWriter json, ImmutableArray<ProtectionResult> results, ProtectionAim aim)
    {
        json.WriteString("aim", NameOf(aim));
        json.WriteStartArray("items");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WriteString("section", result.Protection.Section);
            json.WriteString("name", result.Protection.Name);
            json.WriteString("state", NameOf(result.Look.State));
            json.WriteString("outcome", NameOf(result.Outcome));
            json.WriteString("found", result.Look.Found);
            json.WriteString("wanted", result.Look.Wanted);
            json.WriteString("change", result.Look.Change);
            json.WriteString("note", result.Look.Note);
            json.WriteString("failure", result.Failure?.Message);
            json.WriteString("hint", result.Failure?.Hint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("differing", results.Count(r => r.IsDue));
        json.WriteNumber("changed", results.Count(r => r.Outcome == ProtectionOutcome.Changed));
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
