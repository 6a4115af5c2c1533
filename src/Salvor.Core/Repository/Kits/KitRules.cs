namespace Salvor.Repository.Kits;

/// <summary>What must hold for a kit, whoever wrote it: it is put onto a machine's root file system one day.</summary>
internal static class KitRules
{
    public const int EntriesMax = 4096;
    public const int FileBytesMax = 1 << 20;

    /// <summary>Of all files together. Kubernetes' own are some 100 KB.</summary>
    public const int ContentBytesMax = 8 << 20;

    /// <summary>Of the object's content, where bytes are written in base64.</summary>
    public const int DocumentBytesMax = 24 << 20;

    private const int PathBytesMax = 4096;
    private const int ModeMax = 0xFFF;

    /// <summary>What is wrong with it, as a sentence part; null when nothing is.</summary>
    public static string? FaultOf(KitDocument kit)
    {
        if (kit.Entries.IsDefault || kit.Missing.IsDefault || kit.Entries.Length > EntriesMax
            || kit.Entries.Any(e => e is null) || kit.Missing.Any(m => m is null))
        {
            return "its lists are not whole, or longer than any kit's";
        }

        if (kit.StaticPods is { } pods && !IsPath(pods))
        {
            return $"its directory of static pods is '{pods}'";
        }

        var fault = kit.Entries.Select(FaultOf).FirstOrDefault(found => found is not null);
        return fault ?? FaultOfOrder(kit);
    }

    /// <summary>Whether it is absolute, and leads nowhere but where it reads.</summary>
    public static bool IsPath(string path) =>
        path.Length is > 1 and <= PathBytesMax && path[0] == '/' && !path.Contains('\0', StringComparison.Ordinal)
        && path[1..].Split('/').All(segment => segment is not ("" or "." or ".."));

    private static string? FaultOf(KitEntry entry) => entry switch
    {
        _ when !IsPath(entry.Path) => $"it has an entry with the path '{entry.Path}'",
        { Content: not null, Target: not null } => $"{entry.Path} is a file and a link at once",
        { Mode: < 0 or > ModeMax } => $"{entry.Path} has the mode {entry.Mode}",
        { Content.Length: > FileBytesMax } => $"{entry.Path} has {entry.Content!.Length} bytes",
        { Target: { } target } when target.Length is 0 or > PathBytesMax
            || target.Contains('\0', StringComparison.Ordinal) => $"{entry.Path} leads to '{target}'",
        _ => null,
    };

    /// <summary>Each path once, and nothing below what is no directory: it could lead anywhere.</summary>
    private static string? FaultOfOrder(KitDocument kit)
    {
        var others = kit.Entries.Where(e => !e.IsDirectory).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < kit.Entries.Length; i++)
        {
            var path = kit.Entries[i].Path;
            if (i > 0 && string.CompareOrdinal(kit.Entries[i - 1].Path, path) >= 0)
            {
                return $"{path} is not where it belongs in its order";
            }

            for (var end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            {
                if (others.Contains(path[..end]))
                {
                    return $"{path} lies below {path[..end]}, which is no directory";
                }
            }
        }

        return null;
    }
}
