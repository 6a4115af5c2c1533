using Salvor.Errors;
using Salvor.Platform;
using Salvor.Repository.Kits;

namespace Salvor.Node.Kits;

/// <summary>Collects files and directories, and what links lead to, within bounds.</summary>
/// <remarks>
/// Links are taken as links, and what they lead to is taken under its own name: so no path of an entry goes through a
/// link. What can't be taken is named as missing and never fails the rest.
/// </remarks>
internal sealed class KitWalk(IFileSystem files, string root)
{
    private const int LinksMax = 40; // As many as the kernel follows.
    private const int DepthMax = 32;

    /// <summary>Ours of an earlier restore, and kubeadm's copies of etcd's whole data.</summary>
    private static readonly string[] NotTaken = ["/etc/kubernetes/tmp"];

    private readonly SortedDictionary<string, KitEntry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, KitMissing> _missing = new(StringComparer.Ordinal);
    private long _contentBytes;

    public IEnumerable<KitEntry> Entries => _entries.Values;

    public IEnumerable<KitMissing> Missing => _missing.Values;

    public void Add(KitSeed seed)
    {
        try
        {
            if (Resolve(seed.Path) is { } real && files.Stat(On(real)) is { } status)
            {
                Take(real, status, depth: 0);
            }
            else if (seed.WantedBy is { } why)
            {
                _missing.TryAdd(seed.Path, new KitMissing(seed.Path, why));
            }
        }
        catch (SalvorException e)
        {
            _missing.TryAdd(seed.Path, new KitMissing(seed.Path, e.Message));
        }
    }

    private string On(string path) => KitCapture.On(root, path);

    /// <summary>The path without links in it; each link on the way is taken. Null when it leads nowhere.</summary>
    private string? Resolve(string path)
    {
        var links = 0;
        var real = "";
        var left = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (left.TryPop(out var segment))
        {
            if (segment is "." or "..")
            {
                real = segment == "." ? real : real[..Math.Max(0, real.LastIndexOf('/'))];
                continue;
            }

            var next = $"{real}/{segment}";
            if (files.ReadLink(On(next)) is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > LinksMax)
            {
                throw new SalvorException(ErrorCode.Failed, $"{path} leads in a circle of links.");
            }

            _entries[next] = new KitEntry { Path = next, Mode = 0, Owner = 0, Group = 0, Target = target };
            real = target.StartsWith('/') ? "" : real;
            foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                left.Push(step);
            }
        }

        return real.Length > 0 ? real : null;
    }

    private void Take(string path, FileStatus status, int depth)
    {
        if (_entries.ContainsKey(path))
        {
            return; // Links can lead to the same place many times, and in circles.
        }

        if (_entries.Count >= KitRules.EntriesMax || depth > DepthMax)
        {
            throw new SalvorException(ErrorCode.Failed,
                $"There are more files than a kit takes ({KitRules.EntriesMax}, {DepthMax} levels deep).");
        }

        if (status.IsDirectory)
        {
            TakeDirectory(path, status, depth);
        }
        else if (status.IsFile)
        {
            TakeFile(path, status);
        }
    }

    private void TakeDirectory(string path, FileStatus status, int depth)
    {
        // An etcd's data belongs to backups, wherever a pod mounts it from.
        if (NotTaken.Contains(path) || files.Stat(On(path) + "/member") is { IsDirectory: true })
        {
            return;
        }

        _entries[path] = EntryOf(path, status);
        foreach (var name in files.List(On(path)).Where(name => !name.Contains(".salvor-", StringComparison.Ordinal)))
        {
            var child = $"{path}/{name}";
            try
            {
                if (Resolve(child) is { } real && files.Stat(On(real)) is { } found)
                {
                    Take(real, found, depth + 1);
                }
            }
            catch (SalvorException e)
            {
                _missing.TryAdd(child, new KitMissing(child, e.Message));
            }
        }
    }

    private void TakeFile(string path, FileStatus status)
    {
        if (status.SizeBytes > Math.Min(KitRules.FileBytesMax, KitRules.ContentBytesMax - _contentBytes))
        {
            throw new SalvorException(ErrorCode.Failed,
                $"{path} has {status.SizeBytes} bytes, more than there is room for in a kit.");
        }

        var (content, settled) = KitCapture.ReadSettled(files, On(path));
        _contentBytes += content.Length;
        _entries[path] = EntryOf(path, settled) with { Content = content };
    }

    private static KitEntry EntryOf(string path, FileStatus status) => new()
    {
        Path = path,
        Mode = (int)status.Mode,
        Owner = status.OwnerId,
        Group = status.GroupId,
    };
}
