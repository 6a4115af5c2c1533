using System.Globalization;
using System.Text.Json;
using Salvor.Repository.Keeping;

namespace Salvor.Cli;

/// <summary>What a prune did, or would do, as people and as programs read it.</summary>
internal static class PruneOutput
{
    public static void Write(PruneReport report, Terminal terminal, bool isJson)
    {
        if (isJson)
        {
            terminal.WriteJson(json => WriteJson(json, report));
        }
        else
        {
            WriteText(report, terminal);
        }
    }

    /// <summary>As JSON and the table call it.</summary>
    private static string NameOf(KeepReason reason) => reason switch
    {
        KeepReason.LastGood => "lastGood",
        KeepReason.Newest => "newest",
        KeepReason.Unreadable => "unreadable",
        KeepReason.NotCovered => "notCovered",
        KeepReason.Last => "keepLast",
        KeepReason.Hourly => "hourly",
        KeepReason.Daily => "daily",
        KeepReason.Weekly => "weekly",
        KeepReason.Monthly => "monthly",
        KeepReason.Window => "continuous",
        _ => "fork",
    };

    private static void WriteText(PruneReport report, Terminal terminal)
    {
        var output = terminal.Out;
        if (report.Decisions.IsEmpty)
        {
            output.WriteLine($"{report.Repository} has no snapshots yet: salvor backup takes one.");
        }
        else
        {
            WriteTable(report, output);
        }

        output.WriteLine();
        WriteMerged(report, terminal);
        WriteUnproven(report, terminal);
        output.WriteLine(report.IsDryRun
            ? $"Would delete now: {Describe(report.Deleted)}."
            : $"Deleted: {Describe(report.Deleted)}.");
        output.WriteLine(report.IsDryRun
            ? $"Would plan to delete in 24 hours: {Describe(report.Planned)}."
            : $"Planned, to be deleted by a prune in 24 hours: {Describe(report.Planned)}.");
        if (report.PlansWaiting > 0 && report.NextDue is { } due)
        {
            var at = due.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            output.WriteLine($"Waiting: {report.PlansWaiting} of the plans; the first is due at {at} UTC.");
        }

        if (report.PlansDamaged > 0)
        {
            terminal.Error.WriteLine(
                $"{report.PlansDamaged} of the plans can't be read. They allow nothing, and go when they are due.");
        }

        if (report.IsDryRun)
        {
            terminal.Error.WriteLine("Nothing was changed: give --yes to do it.");
        }
    }

    private static void WriteMerged(PruneReport report, Terminal terminal)
    {
        if (report.Merged is { Into: > 0 } merged)
        {
            var done = report.IsDryRun ? "Would merge at most" : "Merged";
            terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{done}: {merged.Segments} segments into {merged.Into}."));
        }

        if (report.MergeFault is { } fault)
        {
            terminal.Error.WriteLine($"Merging segments of the log ended early: {fault.Message}");
        }

        if (report.Merged.LeftAlone > 0)
        {
            terminal.Error.WriteLine(
                $"{report.Merged.LeftAlone} parts of the log hold a segment that can't be read, and were not merged: "
                + "salvor verify --repository names it.");
        }
    }

    private static void WriteUnproven(PruneReport report, Terminal terminal)
    {
        if (report.Unproven > 0)
        {
            terminal.Error.WriteLine(
                $"{report.Unproven} segments of the log were kept: larger ones hold their revisions, too, and tell "
                + "something else, or can't be read. salvor verify --repository names what is damaged.");
        }
    }

    private static void WriteTable(PruneReport report, TextWriter output)
    {
        var table = new TextTable("TIMELINE", "REVISION", "SNAPSHOT", "TAKEN (UTC)", "VERIFIED", "", "WHY");
        foreach (var decision in report.Decisions)
        {
            var snapshot = decision.Snapshot;
            table.Add(
                snapshot.Timeline.ToString(),
                snapshot.Revision.ToString(CultureInfo.InvariantCulture),
                snapshot.Id.Value,
                snapshot.Taken.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                snapshot.IsVerified ? "yes" : "no",
                decision.IsKept ? "keep" : "DROP",
                decision.IsKept ? string.Join(", ", decision.Reasons.Select(NameOf)) : WhyDropped(decision));
        }

        table.Write(output, rightAligned: 2);
    }

    private static string WhyDropped(KeepDecision decision) => decision switch
    {
        { Snapshot.IsVerified: true } => "no rule wants it",
        { IsCovered: true } => "a newer one is verified",
        _ => "never verified, and past the limit",
    };

    private static string Describe(PruneTotals totals) => totals.IsNothing
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture,
            $"{totals.Snapshots} snapshots, {totals.Packs} packs, {totals.Segments} segments, {totals.Checks} records ")
            + $"of checks; {ProgressText.Size(totals.Bytes)}";

    private static void WriteJson(Utf8JsonWriter json, PruneReport report)
    {
        json.WriteString("repository", report.Repository);
        json.WriteBoolean("dryRun", report.IsDryRun);
        json.WriteString("storeTime", report.Now);
        json.WriteStartArray("snapshots");
        foreach (var decision in report.Decisions)
        {
            json.WriteStartObject();
            json.WriteString("snapshot", decision.Snapshot.Id.Value);
            json.WriteNumber("timeline", decision.Snapshot.Timeline.Value);
            json.WriteNumber("revision", decision.Snapshot.Revision);
            json.WriteString("taken", decision.Snapshot.Taken);
            json.WriteBoolean("verified", decision.Snapshot.IsVerified);
            json.WriteBoolean("kept", decision.IsKept);
            json.WriteStartArray("reasons");
            foreach (var reason in decision.Reasons)
            {
                json.WriteStringValue(NameOf(reason));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("merged");
        json.WriteNumber("segments", report.Merged.Segments);
        json.WriteNumber("into", report.Merged.Into);
        json.WriteNumber("leftAlone", report.Merged.LeftAlone);
        json.WriteString("fault", report.MergeFault?.Message);
        json.WriteEndObject();
        WriteTotals(json, "deleted", report.Deleted);
        WriteTotals(json, "planned", report.Planned);
        json.WriteNumber("segmentsUnproven", report.Unproven);
        json.WriteNumber("plansWaiting", report.PlansWaiting);
        json.WriteNumber("plansDamaged", report.PlansDamaged);
        if (report.NextDue is { } due)
        {
            json.WriteString("nextDue", due);
        }
    }

    private static void WriteTotals(Utf8JsonWriter json, string name, PruneTotals totals)
    {
        json.WriteStartObject(name);
        json.WriteNumber("snapshots", totals.Snapshots);
        json.WriteNumber("packs", totals.Packs);
        json.WriteNumber("segments", totals.Segments);
        json.WriteNumber("checks", totals.Checks);
        json.WriteNumber("bytes", totals.Bytes);
        json.WriteEndObject();
    }
}
