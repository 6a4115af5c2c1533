namespace Salvor.Tests.DataDirectory;

/// <summary>Which files and directories have changes that no flush has made durable.</summary>
internal sealed class DiskCache
{
    private readonly HashSet<string> _dirty = [];

    public bool IsDirty(string path) => _dirty.Contains(path);

    /// <summary>The path itself, and what lies under it, where it is dirty.</summary>
    public IEnumerable<string> Below(string path) =>
        _dirty.Where(p => p == path || p.StartsWith(path + "/", StringComparison.Ordinal));

    public void Take(FileStep step)
    {
        switch (step.Verb)
        {
            case "create" or "mkdir":
                _dirty.Add(step.Path);
                _dirty.Add(Parent(step.Path));
                break;
            case "write" or "chown" or "chmod":
                _dirty.Add(step.Path);
                break;
            case "flush" or "flush-directory":
                _dirty.Remove(step.Path);
                break;
            case "rename":
                Move(step.Path, step.To!);
                _dirty.Add(Parent(step.Path));
                _dirty.Add(Parent(step.To!));
                break;
            case "exchange":
                var aside = step.Path + " in exchange";
                Move(step.Path, aside);
                Move(step.To!, step.Path);
                Move(aside, step.To!);
                _dirty.Add(Parent(step.Path));
                _dirty.Add(Parent(step.To!));
                break;
            case "unlink" or "rmdir":
                _dirty.ExceptWith([.. Below(step.Path)]);
                // A deleted name that comes back after a crash is one of our own, which the next run clears: not
                // counted.
                break;
            default:
                break;
        }
    }

    private void Move(string from, string to)
    {
        foreach (var path in Below(from).ToList())
        {
            _dirty.Remove(path);
            _dirty.Add(to + path[from.Length..]);
        }
    }

    private static string Parent(string path) => Path.GetDirectoryName(path)!;
}
