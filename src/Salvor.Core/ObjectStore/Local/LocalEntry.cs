using Salvor.Platform;

namespace Salvor.ObjectStore.Local;

/// <summary>Something met on the walk through a store's directory.</summary>
/// <param name="Name">Its path below the store's directory; empty for that directory itself.</param>
/// <param name="Status">What it is; null for a directory that need not be there.</param>
internal readonly record struct LocalEntry(string Name, FileStatus? Status)
{
    public bool IsDirectory => Status is null or { IsDirectory: true };

    /// <summary>What every name in it begins with, and where it belongs in the order.</summary>
    public string SortKey => IsDirectory ? Name + "/" : Name;

    public ObjectInfo? ToInfo() => Status is { IsFile: true } && ObjectName.TryParse(Name, out var name)
        ? LocalLayout.InfoOf(name, Status)
        : null;
}
