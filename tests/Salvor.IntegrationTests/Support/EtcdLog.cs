using System.Text.Json;

namespace Salvor.IntegrationTests.Support;

/// <summary>Reads what etcd logs: a JSON object a line, with a level.</summary>
public static class EtcdLog
{
    private const int TailLines = 40;

    public static void ShouldBeClean(string log, ReadOnlySpan<string> allowed)
    {
        foreach (var line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IsBad(line) && !ContainsAny(line, allowed))
            {
                Assert.Fail($"etcd logged:\n{line}");
            }
        }
    }

    public static string Tail(string log) => string.Join('\n', log.Split('\n').TakeLast(TailLines));

    private static bool IsBad(string line)
    {
        if (!line.StartsWith('{'))
        {
            return line.Contains("panic", StringComparison.Ordinal)
                || line.Contains("fatal error", StringComparison.Ordinal);
        }

        using var entry = JsonDocument.Parse(line);
        return entry.RootElement.TryGetProperty("level", out var level)
            && level.GetString() is "error" or "dpanic" or "panic" or "fatal";
    }

    private static bool ContainsAny(string line, ReadOnlySpan<string> allowed)
    {
        foreach (var text in allowed)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
