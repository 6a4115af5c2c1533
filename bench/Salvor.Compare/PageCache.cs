using System.Diagnostics;

namespace Salvor.Compare;

/// <summary>The kernel's cache of file contents.</summary>
public static class PageCache
{
    private const string Switch = "/proc/sys/vm/drop_caches";

    /// <summary>Only root may empty it, and not in every container.</summary>
    public static bool CanDrop()
    {
        try
        {
            File.WriteAllText(Switch, "1\n");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Writes out what is dirty, so that no run pays for the one before; and empties the cache where asked.
    /// </summary>
    public static async Task PrepareAsync(bool isCold, CancellationToken ct)
    {
        using (var sync = Process.Start("sync"))
        {
            await sync.WaitForExitAsync(ct);
        }

        if (isCold)
        {
            await File.WriteAllTextAsync(Switch, "3\n", ct);
        }
    }
}
