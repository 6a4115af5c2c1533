using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Salvor.Compare.Streaming;

/// <summary>A running <c>salvor stream</c>, and what it says line by line.</summary>
public sealed partial class StreamProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan StoredMax = TimeSpan.FromMinutes(2);
    private readonly Lock _gate = new();
    private readonly Process _process;
    private readonly Task _reading;
    private readonly StringBuilder _stderr = new();
    private readonly List<StoredMark> _stored = [];
    private readonly List<string> _troubles = [];
    private long _safeRevision;

    private StreamProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
        // A thread of its own: a line's time must not wait for the pool, which the writers keep busy.
        _reading = Task.Factory.StartNew(
            Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public int Id => _process.Id;

    /// <summary>Every segment that was stored.</summary>
    public IReadOnlyList<StoredMark> Stored => Copy(_stored);

    /// <summary>Everything that is not the usual course, such as a store that went away.</summary>
    public IReadOnlyList<string> Troubles => Copy(_troubles);

    private long SafeRevision
    {
        get
        {
            lock (_gate)
            {
                return _safeRevision;
            }
        }
    }

    public static StreamProcess Start(string salvor, IReadOnlyList<string> options) => new(
        Process.Start(new ProcessStartInfo(salvor, ["stream", .. options, "--output", "json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    /// <summary>What it says of the price of its cadence, which it does for people only.</summary>
    public static async Task<string> SayCadenceAsync(
        string salvor, IReadOnlyList<string> options, CancellationToken ct)
    {
        var start = new ProcessStartInfo(salvor, ["stream", .. options]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardError.ReadLineAsync(ct) ?? "";
            return line.Contains("a month", StringComparison.Ordinal)
                ? line
                : throw new InvalidOperationException($"salvor stream says no price of its cadence first: {line}");
        }
        finally
        {
            process.Kill(); // It has stored nothing yet.
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until the stream says that everything up to a revision is stored.</summary>
    public async Task WaitUntilStoredAsync(long revision, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        while (SafeRevision < revision)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > StoredMax)
            {
                throw new InvalidOperationException(
                    $"Revision {revision} was not stored, the last is {SafeRevision}: {Said()}");
            }

            await Task.Delay(PollPeriod, ct);
        }
    }

    /// <summary>Ends it the polite way: it stores what it has.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (Signal(_process.Id, Terminate) != 0)
        {
            throw new InvalidOperationException($"The stream ended by itself: {Said()}");
        }

        await _process.WaitForExitAsync(ct);
        await _reading;
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"salvor stream ended with {_process.ExitCode}: {Said()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        await _reading;
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int processId, int signal);

    private void Read()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            var now = Stopwatch.GetTimestamp();
            using var json = JsonDocument.Parse(line);
            Take(json.RootElement, now);
        }
    }

    private void Take(JsonElement line, long now)
    {
        lock (_gate)
        {
            switch (line.GetProperty("event").GetString())
            {
                case "stored":
                    _safeRevision = line.GetProperty("revision").GetInt64();
                    _stored.Add(new StoredMark(_safeRevision, now));
                    break;
                case "resumed" or "snapshotTaken":
                    _safeRevision = line.GetProperty("revision").GetInt64();
                    break;
                case "following":
                    break;
                case var name:
                    _troubles.Add($"{name}: {line.GetProperty("reason").GetString()}");
                    break;
            }
        }
    }

    private void Note(string? line)
    {
        lock (_gate)
        {
            _stderr.AppendLine(line);
        }
    }

    private string Said()
    {
        lock (_gate)
        {
            return $"{string.Join("; ", _troubles)} {_stderr}";
        }
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }
}
