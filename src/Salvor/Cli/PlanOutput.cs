using System.Globalization;
using System.Text.Json;
using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Ladder;

namespace Salvor.Cli;

/// <summary>A foreseen plan as text or JSON.</summary>
internal static class PlanOutput
{
    public static void Write(Terminal terminal, ForeseenPlan plan, bool isJson)
    {
        if (isJson)
        {
            terminal.WriteJson(json => WriteJson(json, plan));
            return;
        }

        var output = terminal.Out;
        if (plan.UnderWay is { } underWay)
        {
            output.WriteLine($"Under way by the journal: {underWay.Rung} for {underWay.Cause}.");
        }

        if (plan.Pause is { } pause)
        {
            output.WriteLine($"Paused {pause}. Nothing new is begun.");
        }

        if (plan.Prospects.IsEmpty)
        {
            output.WriteLine(plan.Seen[Sign.ApiServerReady].Truth == Truth.Yes
                ? "All is well: the API is ready, and nothing is wrong that this machine can see."
                : "Nothing is found to be wrong, and whether the API is ready is "
                    + (plan.Seen[Sign.ApiServerReady].Truth == Truth.No ? "known: it is not." : "not to be seen."));
            return;
        }

        foreach (var prospect in plan.Prospects)
        {
            WriteText(output, prospect, plan.Data);
        }
    }

    private static void WriteText(TextWriter output, Prospect prospect, string? data)
    {
        var (finding, next) = (prospect.Finding, prospect.Next);
        output.WriteLine(
            $"{finding.Cause.Id}: {finding.Cause.Title}{(finding.Certainty == Certainty.Certain ? "" : " (likely)")}");
        foreach (var evidence in finding.Evidence)
        {
            output.WriteLine($"  seen    {evidence}");
        }

        if (!finding.Unseen.IsEmpty)
        {
            output.WriteLine($"  unseen  {string.Join(", ", finding.Unseen)}");
        }

        if (next is null)
        {
            output.WriteLine("  next    a person is needed");
        }
        else
        {
            output.WriteLine($"  next    {next.Rung}: {string.Join(", ", next.Steps)}");
            output.WriteLine(prospect.IsByItself
                ? $"          by itself in mode automatic after {Waits(finding.Cause)}"
                : "          never by itself");
            output.WriteLine($"          now: salvor recover --cause {finding.Cause.Id} --rung {next.Rung}");
        }

        if (next?.Rung == Rung.RecoverData && data is not null)
        {
            output.WriteLine($"  data    {data}");
        }

        foreach (var reason in prospect.WhyNot)
        {
            output.WriteLine($"  not     {reason}");
        }

        if (finding.Cause.Advice.Length > 0)
        {
            output.WriteLine($"  advice  {finding.Cause.Advice}");
        }
    }

    private static string Waits(Cause cause) => string.Create(CultureInfo.InvariantCulture,
        $"{cause.Datapoints} of {cause.OutOf} looks")
        + (cause.Patience > TimeSpan.Zero ? $" and {ProgressText.Duration(cause.Patience)}" : "");

    private static void WriteJson(Utf8JsonWriter json, ForeseenPlan plan)
    {
        json.WriteString("underWay", plan.UnderWay?.Rung.ToString());
        json.WriteString("data", plan.Data);
        json.WriteString("paused", plan.Pause);
        json.WriteStartArray("findings");
        foreach (var prospect in plan.Prospects)
        {
            var (finding, next, whyNot) = prospect;
            json.WriteStartObject();
            json.WriteString("cause", finding.Cause.Id.ToString());
            json.WriteString("title", finding.Cause.Title);
            json.WriteString("certainty", finding.Certainty == Certainty.Certain ? "certain" : "likely");
            WriteList(json, "evidence", finding.Evidence);
            WriteList(json, "unseen", finding.Unseen.Select(sign => sign.ToString()));
            json.WriteString("rung", next?.Rung.ToString());
            json.WriteBoolean("byItself", prospect.IsByItself);
            json.WriteNumber("patienceSeconds", finding.Cause.Patience.TotalSeconds);
            WriteList(json, "steps", next?.Steps.Select(step => step.ToString()) ?? []);
            WriteList(json, "whyNot", whyNot);
            json.WriteString("advice", finding.Cause.Advice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("seen");
        foreach (var (sign, sighting) in plan.Seen.Known)
        {
            json.WriteBoolean(sign.ToString(), sighting.Truth == Truth.Yes);
        }

        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
