using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.ObjectStore.Local;

/// <summary>Walks a store's directory in the order of the objects' names.</summary>
/// <remarks>
/// A directory sorts as if its name ended with '/': "a-b" comes before "a/b", as it does among objects' names, although
/// "a" comes before "a-b".
/// </remarks>
internal sealed class LocalListing(LocalLayout layout, IFileSystem files)
{
    /// <summary>Pushes the deepest directory that holds every name with the prefix.</summary>
    public bool PushStart(Stack<LocalEntry> rest, string prefix, string? startAfter)
    {
        layout.RequireRoot();
        var slash = prefix.LastIndexOf('/');
        var start = new LocalEntry(slash < 0 ? "" : prefix[..slash], Status: null);
        if (start.Name.Length == 0)
        {
            return PushChildren(rest, start, prefix, startAfter);
        }

        if (ObjectName.IsValid(start.Name)
            && files.Stat(Path.Combine(layout.Root, start.Name)) is { IsDirectory: true })
        {
            rest.Push(start);
        }

        return true;
    }

    /// <summary>Pushes what is in a directory, the first on top, without what can't be asked for.</summary>
    public bool PushChildren(Stack<LocalEntry> rest, LocalEntry directory, string prefix, string? startAfter)
    {
        var children = new List<LocalEntry>();
        foreach (var name in NamesIn(directory.Name))
        {
            var path = directory.Name.Length == 0 ? name : directory.Name + "/" + name;
            if (ObjectName.IsValid(path) && files.Stat(Path.Combine(layout.Root, path)) is { } status)
            {
                children.Add(new LocalEntry(path, status));
            }
        }

        children.RemoveAll(child => !IsWanted(child, prefix, startAfter));
        children.Sort(static (a, b) => string.CompareOrdinal(b.SortKey, a.SortKey));
        children.ForEach(rest.Push);
        return true;
    }

    /// <summary>Deletes temporaries that nobody has written to since.</summary>
    public int RemoveTemporaries(DateTimeOffset startedBefore, CancellationToken ct)
    {
        layout.RequireRoot();
        var removed = 0;
        var directories = new Stack<string>([""]);
        var before = (Int128)startedBefore.ToUnixTimeMilliseconds() * 1_000_000;
        while (directories.TryPop(out var directory))
        {
            foreach (var name in NamesIn(directory))
            {
                ct.ThrowIfCancellationRequested();
                var path = directory.Length == 0 ? name : directory + "/" + name;
                var status = files.Stat(Path.Combine(layout.Root, path));
                if (status is { IsDirectory: true } && ObjectName.IsValid(path))
                {
                    directories.Push(path);
                }
                else if (status is { IsFile: true } && status.ModifiedUnixNanoseconds < before
                    && LocalLayout.IsTemporary(name))
                {
                    files.DeleteOwnFile(Path.Combine(layout.Root, path));
                    removed++;
                }
            }
        }

        return removed;
    }

    private IReadOnlyList<string> NamesIn(string directory)
    {
        try
        {
            return files.List(Path.Combine(layout.Root, directory));
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NotFound)
        {
            layout.RequireRoot();
            return []; // The directory of a prefix under which nothing was ever stored.
        }
    }

    private static bool IsWanted(LocalEntry entry, string prefix, string? startAfter)
    {
        var key = entry.SortKey;
        var hasPrefix = key.StartsWith(prefix, StringComparison.Ordinal)
            || (entry.IsDirectory && prefix.StartsWith(key, StringComparison.Ordinal));
        var comesAfter = startAfter is null || string.CompareOrdinal(key, startAfter) > 0
            || (entry.IsDirectory && startAfter.StartsWith(key, StringComparison.Ordinal));
        return hasPrefix && comesAfter;
    }
}
