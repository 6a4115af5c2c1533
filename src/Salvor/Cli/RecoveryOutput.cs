using System.Collections.Immutable;
using System.Text.Json;
using Salvor.Recovery.Outside;

namespace Salvor.Cli;

/// <summary>What was done about a cluster in the last day, as text or JSON.</summary>
internal static class RecoveryOutput
{
    /// <summary>The newest are shown on a terminal; JSON has all.</summary>
    private const int LinesMax = 10;

    public static void WriteText(TextWriter output, ImmutableArray<PastRecovery> recoveries, DateTimeOffset now)
    {
        if (recoveries.Length > LinesMax)
        {
            output.WriteLine($"  recovery  {recoveries.Length} in the last day; the newest {LinesMax}:");
        }

        foreach (var one in recoveries.TakeLast(LinesMax))
        {
            var ago = ProgressText.Duration(now > one.Last ? now - one.Last : TimeSpan.Zero);
            output.WriteLine(
                $"  recovery  {one.Cause}{RungOf(one)} by {one.By ?? "guards"}: {StateOf(one)}, {ago} ago");
            if (one.State is not PastState.Done && one.Text.Length > 0)
            {
                output.WriteLine($"            {one.Text}");
            }
        }
    }

    public static void WriteJson(Utf8JsonWriter json, ImmutableArray<PastRecovery> recoveries)
    {
        json.WriteStartArray("recoveries");
        foreach (var one in recoveries)
        {
            json.WriteStartObject();
            json.WriteString("by", one.By);
            json.WriteString("cause", one.Cause.ToString());
            json.WriteString("rung", one.Rung?.ToString());
            json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(one.State.ToString()));
            json.WriteString("began", one.Began);
            json.WriteString("last", one.Last);
            json.WriteString("text", one.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string RungOf(PastRecovery one) => one.Rung is { } rung ? $", {rung}" : "";

    private static string StateOf(PastRecovery one) => one.State switch
    {
        PastState.GoesOn => $"goes on since {Took(one)}, last entry",
        PastState.Done => $"done after {Took(one)}",
        PastState.Failed => $"ended without help after {Took(one)}",
        PastState.NeedsPerson => "a person is needed",
        _ => "would be done, if it were allowed",
    };

    /// <summary>Two guards' clocks may differ.</summary>
    private static string Took(PastRecovery one) =>
        ProgressText.Duration(one.Last > one.Began ? one.Last - one.Began : TimeSpan.Zero);
}
