using System.Text.Json;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Outside;
using Salvor.Recovery.Shared;

namespace Salvor.Cli;

/// <summary>Who watches a cluster, as text or JSON.</summary>
internal static class WatcherOutput
{
    /// <summary>A beat comes every 10 s and a report every 30 s: older ones are of one that is not there.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(2);

    public static void WriteText(TextWriter output, Watchers watchers, DateTimeOffset now)
    {
        if (watchers is { Agents.IsEmpty: true, Guards.IsEmpty: true })
        {
            output.WriteLine("  watched   by nobody: no agent and no guard was ever here");
        }

        foreach (var agent in watchers.Agents)
        {
            output.WriteLine($"  agent     {agent.Holder}: {(IsFresh(agent.Written, now)
                ? $"{NameOf(agent.State)}, {Age(agent.Written, now)} ago{Tail(agent.Summary)}"
                : $"silent for {Age(agent.Written, now)}; it was {NameOf(agent.State)}")}");
        }

        foreach (var guard in watchers.Guards)
        {
            output.WriteLine($"  guard     {guard.Guard}: {(IsFresh(guard.Written, now)
                ? $"{(guard.IsLeader ? "leads" : "watches")}, sees the endpoint {NameOf(guard.EndpointReady)}, "
                    + $"{Age(guard.Written, now)} ago"
                : $"silent for {Age(guard.Written, now)}")}");
        }

        if (watchers.Notices.Pause is { } pause && pause.Until > now)
        {
            output.WriteLine($"  paused    until {pause.Until:u} by {pause.Who}: {pause.Why}");
        }

        foreach (var fault in watchers.Faults)
        {
            output.WriteLine($"  unread    {fault}");
        }
    }

    public static void WriteJson(Utf8JsonWriter json, Watchers watchers, DateTimeOffset now)
    {
        json.WriteStartArray("agents");
        foreach (var agent in watchers.Agents)
        {
            json.WriteStartObject();
            json.WriteString("name", agent.Holder);
            json.WriteString("state", NameOf(agent.State));
            json.WriteString("summary", agent.Summary);
            json.WriteString("written", agent.Written);
            json.WriteBoolean("isSilent", !IsFresh(agent.Written, now));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("guards");
        foreach (var guard in watchers.Guards)
        {
            json.WriteStartObject();
            json.WriteString("name", guard.Guard);
            json.WriteBoolean("leads", guard.IsLeader);
            json.WriteString("endpointReady", guard.EndpointReady.ToString());
            json.WriteString("written", guard.Written);
            json.WriteBoolean("isSilent", !IsFresh(guard.Written, now));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("unread");
        foreach (var fault in watchers.Faults)
        {
            json.WriteStringValue(fault);
        }

        json.WriteEndArray();
        var pause = watchers.Notices.Pause is { } notice && notice.Until > now ? notice : null;
        if (pause is null)
        {
            json.WriteNull("pausedUntil");
        }
        else
        {
            json.WriteString("pausedUntil", pause.Until);
            json.WriteString("pausedBy", pause.Who);
            json.WriteString("pausedWhy", pause.Why);
        }
    }

    private static bool IsFresh(DateTimeOffset written, DateTimeOffset now) => now - written < FreshFor;

    private static string Age(DateTimeOffset written, DateTimeOffset now) =>
        ProgressText.Duration(now > written ? now - written : TimeSpan.Zero);

    private static string Tail(string summary) => summary.Length == 0 ? "" : $": {summary}";

    private static string NameOf(HeartbeatState state) => state switch
    {
        HeartbeatState.Healthy => "healthy",
        HeartbeatState.Acting => "repairing",
        _ => "not well",
    };

    private static string NameOf(Truth ready) => ready switch
    {
        Truth.Yes => "ready",
        Truth.No => "not ready",
        _ => "not at all",
    };
}
