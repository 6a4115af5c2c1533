using System.Globalization;
using System.Text.Json;
using Salvor.Backup.Streaming;

namespace Salvor.Cli;

/// <summary>Shows a stream: a line that is redrawn for people, a line now and then for logs, JSON lines for programs.
/// </summary>
/// <remarks>May be called from any thread.</remarks>
internal sealed class StreamDisplay(Terminal terminal, TimeProvider time, bool isJson, bool isQuiet)
{
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private long _shownAt;
    private bool _wasShown;
    private bool _isLineOpen;

    public long SafeRevision { get; private set; }

    public long Segments { get; private set; }

    public long StoredBytes { get; private set; }

    public void Report(StreamEvent happened)
    {
        lock (_gate)
        {
            switch (happened)
            {
                case StreamEvent.Stored stored:
                    SafeRevision = stored.Last;
                    Segments++;
                    StoredBytes += stored.StoredBytes;
                    break;
                case StreamEvent.Resumed resumed:
                    SafeRevision = resumed.Revision;
                    break;
                case StreamEvent.SnapshotTaken taken:
                    SafeRevision = taken.Revision;
                    break;
                default:
                    break;
            }

            ShowLocked(happened);
        }
    }

    /// <summary>Ends the line that is redrawn.</summary>
    public void Close()
    {
        lock (_gate)
        {
            ClearLocked();
        }
    }

    private void ShowLocked(StreamEvent happened)
    {
        if (isJson)
        {
            terminal.WriteJsonLine(json =>
            {
                json.WriteString("time", time.GetUtcNow());
                WriteProperties(json, happened);
            });
            return;
        }

        if (happened is not StreamEvent.Stored stored)
        {
            ClearLocked();
            terminal.Error.WriteLine(Describe(happened));
            return;
        }

        var interval = terminal.IsErrorInteractive ? RedrawInterval : LogInterval;
        if (isQuiet || (_wasShown && time.GetElapsedTime(_shownAt) < interval))
        {
            return;
        }

        (_wasShown, _shownAt) = (true, time.GetTimestamp());
        var text = string.Create(CultureInfo.InvariantCulture,
            $"revision {stored.Last} is safe, {stored.Seen - stored.Last} behind, "
            + $"{stored.Lag.TotalMilliseconds:F0} ms; "
            + $"{Segments} segments, {ProgressText.Size(StoredBytes)}");
        if (terminal.IsErrorInteractive)
        {
            var room = terminal.WidthColumns - 1;
            terminal.Error.Write($"\r{(text.Length > room ? text[..room] : text)}\e[K");
            _isLineOpen = true;
        }
        else
        {
            terminal.Error.WriteLine(text);
        }
    }

    private void ClearLocked()
    {
        if (_isLineOpen)
        {
            terminal.Error.Write("\r\e[K");
            _isLineOpen = false;
        }
    }

    private static string Describe(StreamEvent happened) => happened switch
    {
        StreamEvent.Resumed e => string.Create(CultureInfo.InvariantCulture,
            $"The repository holds everything up to revision {e.Revision}."),
        StreamEvent.Following e => string.Create(CultureInfo.InvariantCulture,
            $"Following etcd from revision {e.After + 1}; it is at {e.Head}."),
        StreamEvent.EtcdAway e => $"etcd is away, trying again in {ProgressText.Duration(e.RetryAfter)}: {e.Reason}",
        StreamEvent.StoreAway e => "The store is away, trying again in "
            + $"{ProgressText.Duration(e.RetryAfter)}: {e.Reason}",
        StreamEvent.Held e => $"The watch is closed until the store is back: {ProgressText.Size(e.WaitingBytes)} wait "
            + "for it. etcd keeps the rest.",
        StreamEvent.NeedsSnapshot e => $"Taking a snapshot: {e.Reason}.",
        StreamEvent.SnapshotTaken e => string.Create(CultureInfo.InvariantCulture,
            $"The snapshot is stored, with revision {e.Revision}."),
        StreamEvent.SnapshotOnSchedule e => string.Create(CultureInfo.InvariantCulture,
            $"A snapshot of revision {e.Revision} is stored: {e.Reason}."),
        StreamEvent.SpoolEmptied e => string.Create(CultureInfo.InvariantCulture,
            $"{e.Segments} segments that waited in the spool are stored."),
        StreamEvent.Warning e => $"warning: {e.Text}",
        _ => happened.ToString()!,
    };

    private void WriteProperties(Utf8JsonWriter json, StreamEvent happened)
    {
        switch (happened)
        {
            case StreamEvent.Stored e:
                json.WriteString("event", "stored");
                json.WriteNumber("revision", e.Last);
                json.WriteNumber("firstRevision", e.First);
                json.WriteNumber("lagRevisions", e.Seen - e.Last);
                json.WriteNumber("lagMilliseconds", (long)e.Lag.TotalMilliseconds);
                json.WriteNumber("segmentBytes", e.StoredBytes);
                json.WriteNumber("segments", Segments);
                json.WriteNumber("storedBytes", StoredBytes);
                break;
            case StreamEvent.Resumed e:
                json.WriteString("event", "resumed");
                json.WriteNumber("revision", e.Revision);
                break;
            case StreamEvent.Following e:
                json.WriteString("event", "following");
                json.WriteNumber("revision", e.After);
                json.WriteNumber("etcdRevision", e.Head);
                break;
            case StreamEvent.SnapshotTaken e:
                json.WriteString("event", "snapshotTaken");
                json.WriteNumber("revision", e.Revision);
                break;
            case StreamEvent.SnapshotOnSchedule e:
                json.WriteString("event", "snapshot");
                json.WriteNumber("revision", e.Revision);
                json.WriteString("reason", e.Reason);
                break;
            default:
                WriteTrouble(json, happened);
                break;
        }
    }

    private static void WriteTrouble(Utf8JsonWriter json, StreamEvent happened)
    {
        var (name, text) = happened switch
        {
            StreamEvent.EtcdAway e => ("etcdAway", e.Reason),
            StreamEvent.StoreAway e => ("storeAway", e.Reason),
            StreamEvent.NeedsSnapshot e => ("needsSnapshot", e.Reason),
            StreamEvent.Warning e => ("warning", e.Text),
            StreamEvent.SpoolEmptied e => ("spoolEmptied",
                string.Create(CultureInfo.InvariantCulture, $"{e.Segments} segments are stored")),
            StreamEvent.Held e => ("held", string.Create(CultureInfo.InvariantCulture, $"{e.WaitingBytes} bytes wait")),
            _ => ("other", happened.ToString()!),
        };
        json.WriteString("event", name);
        json.WriteString("reason", text);
    }
}
