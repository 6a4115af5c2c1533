using System.Globalization;
using System.Text.Json;
using Salvor.Node.Identity;
using Salvor.Recovery.Gate;

namespace Salvor.Cli;

/// <summary>What the gate saw and did, as the journal, people and programs read it.</summary>
internal static class GateOutput
{
    public static void Write(GateReport report, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            terminal.WriteJson(json => WriteJson(json, report));
            return;
        }

        var output = terminal.Out;
        output.WriteLine(Headline(report));
        foreach (var reason in report.Reasons)
        {
            output.WriteLine($"  reason     {reason.Text}");
            output.WriteLine($"  way out    {reason.WayOut}");
        }

        WriteHeldSince(output, report);
        var (facts, data) = (report.Sighting.Facts, report.Sighting.Data);
        WriteLine(output, "data", data.State == DataState.Unseen ? null : $"{NameOf(data.State)}{WhoseOf(data)}");
        WriteLine(output, "timeline", facts.Timeline == TimelineState.Unseen
            ? null
            : $"{NameOf(facts.Timeline)}{(report.Sighting.Newest is { } newest ? $", the newest is {newest}" : "")}");
        WriteLine(output, "volume", facts.Mount == MountState.Unknown ? null : NameOf(facts.Mount));
        foreach (var note in report.Notes)
        {
            WriteLine(output, "note", note);
        }

        WriteLine(output, "recorded", report.RecordedAs);
        output.WriteLine($"Decided in {ProgressText.Duration(report.Elapsed)}.");
    }

    public static void WriteFailure(string message, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            terminal.WriteJson(json =>
            {
                json.WriteNull("decision");
                json.WriteString("failure", message);
            });
        }
        else
        {
            terminal.Error.WriteLine($"error: {message}");
        }
    }

    /// <param name="manifest">What was put back; null where nothing was held.</param>
    /// <param name="isOverridden">Whether the next run passes whatever it sees.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="isJson">For programs.</param>
    public static void WriteReleased(string? manifest, bool isOverridden, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            terminal.WriteJson(json =>
            {
                json.WriteString("released", manifest);
                json.WriteBoolean("overridesNextRun", isOverridden);
            });
            return;
        }

        terminal.Out.WriteLine(manifest is null
            ? "Nothing is held."
            : $"{manifest} is back in its place: kubelet starts etcd within seconds.");
        if (isOverridden)
        {
            terminal.Out.WriteLine("The next start of kubelet passes whatever the gate sees, once.");
        }
    }

    private static string Headline(GateReport report) => report.Decision switch
    {
        GateDecision.Pass => "etcd may start.",
        GateDecision.Hold when report.HoldFailure is { } failure =>
            $"etcd MUST NOT START, and its manifest could not be held back: {failure}",
        GateDecision.Hold => $"etcd is HELD BACK: its manifest is in {report.HeldAt}.",
        GateDecision.Held => $"etcd stays HELD BACK: its manifest is in {report.HeldAt}.",
        GateDecision.NothingToGuard => "There is no etcd here that the gate judges.",
        _ => report.Sighting.Facts.Etcd != EtcdPresence.NotRunning ? "etcd runs: nothing is done."
            : report.Reasons.IsEmpty ? "etcd may start."
            : "etcd may start ALTHOUGH there are reasons against it: the gate is overridden.",
    };

    private static void WriteHeldSince(TextWriter output, GateReport report)
    {
        if (report.Decision != GateDecision.Held)
        {
            return;
        }

        if (report.HeldSince is { } since)
        {
            output.WriteLine($"  held       since {since.At:u}");
            foreach (var reason in since.Reasons)
            {
                output.WriteLine($"  held for   {reason.Text}");
            }
        }

        if (report.Reasons.IsEmpty)
        {
            output.WriteLine("  way out    Nothing speaks against a start any more: salvor gate --release");
        }
    }

    private static string WhoseOf(DataSighting data) => (data.ClusterId, data.Revision) switch
    {
        ({ } cluster, { } revision) => $": revision {revision}, member {data.MemberId} of cluster {cluster}",
        (null, { } revision) => $": revision {revision}",
        _ => "",
    };

    private static void WriteLine(TextWriter output, string label, string? text)
    {
        if (text is not null)
        {
            output.WriteLine($"  {label,-10} {text}");
        }
    }

    private static void WriteJson(Utf8JsonWriter json, GateReport report)
    {
        var (sighting, facts, data) = (report.Sighting, report.Sighting.Facts, report.Sighting.Data);
        json.WriteString("decision", NameOf(report.Decision));
        json.WriteString("heldAt", report.HeldAt);
        json.WriteString("failure", report.HoldFailure);
        WriteReasons(json, "reasons", report.Reasons);
        json.WriteString("heldSince", report.HeldSince?.At.ToString("O", CultureInfo.InvariantCulture));
        WriteReasons(json, "heldFor", report.HeldSince?.Reasons ?? []);
        json.WriteStartObject("facts");
        json.WriteString("manifest", NameOf(facts.Manifest));
        json.WriteString("etcd", NameOf(facts.Etcd));
        json.WriteString("data", NameOf(facts.Data));
        json.WriteString("volume", NameOf(facts.Mount));
        json.WriteString("timeline", NameOf(facts.Timeline));
        json.WriteBoolean("stamped", facts.IsStamped);
        json.WriteString("switch", NameOf(facts.Switch));
        json.WriteEndObject();
        json.WriteString("dataDirectory", sighting.DataDirectory);
        json.WriteString("clusterId", data.ClusterId);
        json.WriteString("memberId", data.MemberId);
        WriteNumber(json, "revision", data.Revision);
        WriteNumber(json, "timeline", sighting.Stamp?.Timeline);
        WriteNumber(json, "newestTimeline", sighting.Newest?.Value);
        json.WriteStartArray("notes");
        foreach (var note in report.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteString("recordedAs", report.RecordedAs);
        json.WriteNumber("seconds", Math.Round(report.Elapsed.TotalSeconds, 4));
    }

    private static void WriteReasons(Utf8JsonWriter json, string name, IEnumerable<GateReason> reasons)
    {
        json.WriteStartArray(name);
        foreach (var reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("concern", NameOf(reason.Concern));
            json.WriteString("text", reason.Text);
            json.WriteString("wayOut", reason.WayOut);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
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

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
