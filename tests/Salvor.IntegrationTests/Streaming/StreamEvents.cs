using System.Text.Json;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Streaming;

/// <summary>What a running stream has said on its output, an object a line.</summary>
internal static class StreamEvents
{
    private static readonly TimeSpan SafeMax = TimeSpan.FromSeconds(90);

    /// <summary>The last revision that the stream called safe; 0 for none.</summary>
    public static long SafeRevision(ToolProcess stream) => Newest(stream, "stored", "resumed", "snapshotTaken");

    /// <summary>The newest revision of events with one of these names; 0 for none.</summary>
    public static long Newest(ToolProcess stream, params ReadOnlySpan<string> events)
    {
        var newest = 0L;
        var stdout = stream.Stdout;
        var whole = stdout[..(stdout.LastIndexOf('\n') + 1)]; // The last line may still be on its way.
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("event", out var name) && events.Contains(name.GetString()!))
            {
                newest = Math.Max(newest, json.RootElement.GetProperty("revision").GetInt64());
            }
        }

        return newest;
    }

    /// <summary>Waits until a stream says that everything up to a revision is stored.</summary>
    public static async Task WaitUntilSafeAsync(ToolProcess stream, long revision)
    {
        using var limit = new CancellationTokenSource(SafeMax);
        while (SafeRevision(stream) < revision)
        {
            Assert.False(limit.IsCancellationRequested, $"Revision {revision} never came:\n{stream.Stdout}");
            Assert.False(stream.HasExited, $"The stream ended:\n{stream.Stdout}\n{stream.Stderr}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
