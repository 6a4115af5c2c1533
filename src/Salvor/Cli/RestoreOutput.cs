using System.Text.Json;
using Salvor.Repository;
using Salvor.Restore;
using Salvor.Restore.FromRepository;

namespace Salvor.Cli;

/// <summary>Says what a restore made.</summary>
internal static class RestoreOutput
{
    public static void Write(
        RestoreReport report, RestorePlan? plan, AfterRestore? after, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            WriteJson(report, plan, after, terminal);
            return;
        }

        var output = terminal.Out;
        var hash = report.SourceSha256 is null
            ? "none stored; every entry was checked"
            : $"{report.SourceSha256} agrees";
        output.WriteLine(
            $"Restored {report.Source} into {report.DataDirectory} in {ProgressText.Duration(report.Elapsed)}.");
        output.WriteLine($"  revision   {report.Revision} (history from {Math.Max(1, report.CompactRevision)} on), "
            + $"{report.Entries} entries");
        output.WriteLine($"  database   {ProgressText.Size(report.DatabaseBytes)}, "
            + $"from a snapshot of {ProgressText.Size(report.SourceBytes)}");
        output.WriteLine($"  hash       {hash}");
        output.WriteLine($"  member     {report.Member.Id} ({report.Member.Name}), "
            + $"peer URLs {string.Join(",", report.Member.PeerUrls)}");
        output.WriteLine($"  cluster    {report.Cluster}, token {report.ClusterToken}");
        if (plan is not null)
        {
            WritePlan(plan, output);
        }

        foreach (var quarantine in report.Quarantines)
        {
            output.WriteLine($"  old data   {quarantine}");
        }

        after?.Write(output);
    }

    private static void WriteJson(
        RestoreReport report, RestorePlan? plan, AfterRestore? after, Terminal terminal) => terminal.WriteJson(json =>
    {
        json.WriteString("source", report.Source);
        json.WriteNumber("sourceBytes", report.SourceBytes);
        json.WriteString("sourceSha256", report.SourceSha256);
        json.WriteString("dataDirectory", report.DataDirectory);
        json.WriteNumber("databaseBytes", report.DatabaseBytes);
        json.WriteNumber("entries", report.Entries);
        json.WriteNumber("revision", report.Revision);
        json.WriteNumber("compactRevision", report.CompactRevision);
        json.WriteString("memberId", report.Member.Id.ToString());
        json.WriteString("name", report.Member.Name);
        json.WriteString("clusterId", report.Cluster.ToString());
        json.WriteString("clusterToken", report.ClusterToken);
        json.WriteStartArray("quarantines");
        foreach (var quarantine in report.Quarantines)
        {
            json.WriteStringValue(quarantine);
        }

        json.WriteEndArray();
        if (plan is not null)
        {
            WritePlan(plan, json);
        }

        after?.Write(json);
        json.WriteNumber("elapsedSeconds", report.Elapsed.TotalSeconds);
    });

    /// <summary>What a restore would read, and what would come of it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="next">The timeline that would begin; null for none.</param>
    /// <param name="terminal">Where to say it.</param>
    /// <param name="isJson">Whether a program reads it.</param>
    public static void WritePlan(RestorePlan plan, TimelineId? next, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            terminal.WriteJson(json =>
            {
                WritePlan(plan, json);
                json.WriteNumber("fetchBytes", plan.FetchBytes);
                json.WriteNumber("diskBytes", plan.DiskBytes);
                if (next is { } begins)
                {
                    json.WriteNumber("newTimeline", begins.Value);
                }
            });
            return;
        }

        var output = terminal.Out;
        output.WriteLine($"A restore would end at revision {plan.Revision}. Nothing was changed.");
        WritePlan(plan, output);
        output.WriteLine($"  fetches    {ProgressText.Size(plan.FetchBytes)} in {plan.Base.Packs.Length} packs, for an "
            + $"image of {ProgressText.Size(plan.Base.ImageBytes)}");
        output.WriteLine($"  disk       up to {ProgressText.Size(plan.DiskBytes)} while it lasts");
        if (next is { } timeline)
        {
            output.WriteLine($"  timeline   {timeline} would begin for the restored cluster");
        }
    }

    private static void WritePlan(RestorePlan plan, TextWriter output)
    {
        output.WriteLine($"  stored at  revision {plan.Revision}: snapshot {plan.Base.Id}, "
            + $"taken {plan.Base.Begun.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, timeline {plan.Base.Timeline}"
            + (plan.LogRevisions > 0 ? $", and {plan.LogRevisions} revisions of log" : ""));
        foreach (var passed in plan.PassedOver)
        {
            output.WriteLine($"  damaged    {passed.What} at revision {passed.Revision} was passed over: {passed.Why}");
        }
    }

    private static void WritePlan(RestorePlan plan, Utf8JsonWriter json)
    {
        json.WriteString("snapshot", plan.Base.Id);
        json.WriteNumber("timeline", plan.Base.Timeline);
        json.WriteNumber("storedRevision", plan.Revision);
        json.WriteNumber("logRevisions", plan.LogRevisions);
        WritePassedOver(plan, json);
    }

    /// <summary>What was damaged, and could not be used.</summary>
    public static void WritePassedOver(RestorePlan plan, Utf8JsonWriter json)
    {
        json.WriteStartArray("passedOver");
        foreach (var passed in plan.PassedOver)
        {
            json.WriteStartObject();
            json.WriteString("what", passed.What);
            json.WriteNumber("revision", passed.Revision);
            json.WriteString("why", passed.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
