using System.Diagnostics;
using System.Globalization;
using Salvor.Lab.Host;

namespace Salvor.Lab.Cli;

/// <summary>The process that a lab runs in, recorded by id and start time, since ids come again.</summary>
public static class LabOwner
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Writes down that this process owns the lab.</summary>
    public static async Task RecordAsync(LabPaths paths, CancellationToken cancel)
    {
        using var self = Process.GetCurrentProcess();
        var record = string.Create(CultureInfo.InvariantCulture, $"{self.Id} {StartOf(self.Id)}\n");
        await File.WriteAllTextAsync(paths.Owner, record, cancel).ConfigureAwait(false);
    }

    /// <summary>The owner's process id, or null when it does not run.</summary>
    public static int? Find(LabPaths paths)
    {
        if (!File.Exists(paths.Owner))
        {
            return null;
        }

        var parts = File.ReadAllText(paths.Owner).Split(' ', '\n');
        return parts.Length >= 2
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var id)
            && StartOf(id) == parts[1]
            ? id
            : null;
    }

    /// <summary>Asks the owner to end, and waits for it; after half a minute it is killed.</summary>
    public static async Task EndAsync(LabPaths paths, CancellationToken cancel)
    {
        if (Find(paths) is not { } owner)
        {
            return;
        }

        Signals.TrySend(owner, Signals.Terminate);
        var start = Stopwatch.GetTimestamp();
        while (Find(paths) is not null)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
            {
                Signals.TrySend(owner, Signals.Kill);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>When a process started, in the kernel's ticks; null when there is none.</summary>
    private static string? StartOf(int process)
    {
        try
        {
            // After the name, which may hold anything: the 20th field from there.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
