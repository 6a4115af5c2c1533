using System.Globalization;
using System.Text.Json;

namespace Salvor.Cli;

/// <summary>A repository's state as text or JSON.</summary>
internal static class StatusOutput
{
    public static void Write(Terminal terminal, RepositoryStatus status, DateTimeOffset now, bool isJson)
    {
        if (isJson)
        {
            terminal.WriteJson(json => WriteJson(json, status, now));
            return;
        }

        WriteText(terminal.Out, status, now);
        if (status.Watchers is { } watchers)
        {
            WatcherOutput.WriteText(terminal.Out, watchers, now);
        }

        RecoveryOutput.WriteText(terminal.Out, status.Recoveries, now);
    }

    /// <summary>As one line of many.</summary>
    public static void WriteLine(Terminal terminal, RepositoryStatus status, DateTimeOffset now) =>
        terminal.WriteJsonLine(json => WriteJson(json, status, now));

    private static void WriteText(TextWriter output, RepositoryStatus status, DateTimeOffset now)
    {
        output.WriteLine($"Repository {status.Location}");
        if (status is not { Snapshot: { } snapshot, Log: { } log, SafeRevision: { } safe })
        {
            WriteWithoutSnapshot(output, status, now);
            return;
        }

        var age = status.Stored is { } stored ? Age(now - stored) : "unknown";
        output.WriteLine(Invariant($"  timeline  {status.Timeline}"));
        output.WriteLine(Invariant(
            $"  snapshot  revision {snapshot.Revision}, stored {Age(now - snapshot.Stored)} ago"));
        output.WriteLine(Invariant(
            $"  log       {log.Index.Segments.Count} segments, {ProgressText.Size(log.StoredBytes)}"));
        output.WriteLine(Invariant($"  safe      up to revision {safe}, stored {age} ago"));
        foreach (var gap in status.Gaps)
        {
            output.WriteLine($"  gap       {gap}");
        }

        output.WriteLine(status.RevisionsAtRisk switch
        {
            null => $"  at risk   unknown: {status.EtcdFailure}",
            0 => Invariant($"  at risk   nothing: etcd is at revision {status.EtcdRevision}"),
            { } risk => Invariant(
                $"  at risk   {risk} revisions of up to {age}: etcd is at revision {status.EtcdRevision}"),
        });
    }

    private static void WriteWithoutSnapshot(TextWriter output, RepositoryStatus status, DateTimeOffset now)
    {
        if (status.Before is not { } before)
        {
            output.WriteLine("  nothing can be restored from it yet: it has no snapshot");
            return;
        }

        var age = Age(now - before.Stored);
        output.WriteLine(Invariant(
            $"  timeline  {status.Timeline}, which has no snapshot yet: salvor backup takes one"));
        output.WriteLine(Invariant(
            $"  before    timeline {before.Timeline}: revision {before.Revision}, stored {age} ago"));
    }

    private static void WriteJson(Utf8JsonWriter json, RepositoryStatus status, DateTimeOffset now)
    {
        json.WriteString("repository", status.Location);
        WriteNumber(json, "timeline", status.Timeline);
        WriteNumber(json, "snapshotRevision", status.Snapshot?.Revision);
        WriteNumber(json, "timelineBefore", status.Before?.Timeline.Value);
        WriteNumber(json, "snapshotRevisionBefore", status.Before?.Revision);
        WriteNumber(json, "safeRevision", status.SafeRevision);
        WriteNumber(json, "etcdRevision", status.EtcdRevision);
        WriteNumber(json, "revisionsAtRisk", status.RevisionsAtRisk);
        WriteNumber(json, "secondsAtRisk", status.RevisionsAtRisk is 0 ? 0
            : status is { RevisionsAtRisk: not null, Stored: { } stored } ? (long)(now - stored).TotalSeconds : null);
        WriteNumber(json, "logSegments", status.Log?.Index.Segments.Count);
        WriteNumber(json, "logStoredBytes", status.Log?.StoredBytes);
        json.WriteStartArray("gaps");
        foreach (var gap in status.Gaps)
        {
            json.WriteStartObject();
            json.WriteNumber("firstRevision", gap.First);
            json.WriteNumber("lastRevision", gap.Last);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (status.Watchers is { } watchers)
        {
            WatcherOutput.WriteJson(json, watchers, now);
        }

        RecoveryOutput.WriteJson(json, status.Recoveries);
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

    /// <summary>A store's clock may be ahead of ours.</summary>
    private static string Age(TimeSpan span) => ProgressText.Duration(span > TimeSpan.Zero ? span : TimeSpan.Zero);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
