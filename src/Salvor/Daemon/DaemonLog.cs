using System.Globalization;
using System.Text.Json;
using Salvor.Cli;
using Salvor.Recovery.Engine;

namespace Salvor.Daemon;

/// <summary>
/// What a daemon says: lines for a journal, or JSON lines for programs. May be called from any thread.
/// </summary>
internal sealed class DaemonLog(Terminal terminal, TimeProvider time, bool isJson)
{
    private readonly Lock _gate = new();

    /// <param name="kind">What it is about, a word for programs.</param>
    /// <param name="text">A sentence for people.</param>
    public void Say(string kind, string text)
    {
        lock (_gate)
        {
            if (isJson)
            {
                terminal.WriteJsonLine(json =>
                {
                    WriteHead(json, kind);
                    json.WriteString("text", text);
                });
            }
            else
            {
                terminal.Error.WriteLine($"{kind}: {text}");
                terminal.Error.Flush();
            }
        }
    }

    /// <summary>An entry of the journal of recoveries.</summary>
    public void Say(JournalEntry entry)
    {
        lock (_gate)
        {
            if (isJson)
            {
                terminal.WriteJsonLine(json => Write(json, entry));
            }
            else
            {
                terminal.Error.WriteLine(TextOf(entry));
                terminal.Error.Flush();
            }
        }
    }

    private static string TextOf(JournalEntry entry)
    {
        var what = entry.Kind switch
        {
            EntryKind.Opened => $"{entry.Cause}: {entry.Rung} begins",
            EntryKind.Intent => $"{entry.Cause}: {entry.Step}",
            EntryKind.Outcome => $"{entry.Cause}: {entry.Step} {entry.Result}",
            EntryKind.TakingBack => $"{entry.Cause}: {entry.Rung} is taken back",
            EntryKind.Closed => $"{entry.Cause}: {entry.Rung} has ended, {entry.Result}",
            EntryKind.Page => $"{entry.Cause}: a person is needed",
            _ => $"{entry.Cause}: advice",
        };
        return entry.Text.Length == 0 ? $"recovery: {what}" : $"recovery: {what}: {entry.Text}";
    }

    private void Write(Utf8JsonWriter json, JournalEntry entry)
    {
        WriteHead(json, "recovery");
        json.WriteString("entry", entry.Kind.ToString());
        json.WriteString("plan", entry.PlanId);
        json.WriteString("cause", entry.Cause.ToString());
        WriteIfSet(json, "rung", entry.Rung?.ToString());
        WriteIfSet(json, "step", entry.Step?.ToString());
        WriteIfSet(json, "result", entry.Result?.ToString());
        json.WriteString("text", entry.Text);
    }

    private void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteString("at", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("kind", kind);
    }

    private static void WriteIfSet(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
