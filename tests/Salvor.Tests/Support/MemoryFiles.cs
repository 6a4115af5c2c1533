using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Tests.Support;

/// <summary>
/// A file system in memory, for tests that need thousands of files a second. Nothing in it is ever lost.
/// </summary>
internal sealed class MemoryFiles : IFileSystem
{
    private readonly Dictionary<string,
        Node> _nodes = new(StringComparer.Ordinal) { ["/"] = new Node { IsDirectory = true } };

    /// <summary>What <see cref="FreeBytes"/> answers.</summary>
    public long Free { get; set; } = long.MaxValue;

    /// <summary>What <see cref="Space"/> answers.</summary>
    public Func<string, FileSystemSpace> SpaceOf { get; set; } = _ => new(long.MaxValue, long.MaxValue, 0, 0);

    /// <summary>On which file system a path is.</summary>
    public Func<string, ulong> DeviceOf { get; set; } = _ => 1;

    /// <summary>Puts a file there, with the directories above it.</summary>
    public MemoryFiles With(string path, byte[] content)
    {
        for (var above = Path.GetDirectoryName(path); above is not (null or "/"); above = Path.GetDirectoryName(above))
        {
            _nodes[above] = new Node { IsDirectory = true };
        }

        _nodes[path] = new Node { Bytes = content, Length = content.Length };
        return this;
    }

    /// <summary>Makes a part of a file fail to be read, as a disk's bad sectors do.</summary>
    public MemoryFiles Unreadable(string path, long offset, int bytes)
    {
        _nodes[path].Unreadable.Add((offset, offset + bytes));
        return this;
    }

    public IFile OpenRead(string path) => _nodes.TryGetValue(path, out var node) && !node.IsDirectory
        ? new MemoryFile(path, node)
        : throw new SalvorException(ErrorCode.NotFound, $"{path} is not there.");

    public IFile CreateNew(string path, UnixFileMode mode)
    {
        var node = new Node();
        return _nodes.TryAdd(path, node)
            ? new MemoryFile(path, node)
            : throw new SalvorException(ErrorCode.IoFailed, $"{path} exists.");
    }

    public IDisposable? TryLockOwnFile(string path)
    {
        _nodes.TryAdd(path, new Node());
        return new MemoryStream();
    }

    public FileStatus? Stat(string path) => _nodes.TryGetValue(path, out var node)
        ? new FileStatus(node.IsDirectory
            ? FileKind.Directory
            : FileKind.File, node.Length, default, 0, 0, DeviceOf(path), node.Inode, default)
        : null;

    public IReadOnlyList<string> List(string directory) => _nodes.ContainsKey(directory)
        ? [.. _nodes.Keys.Where(p => p != "/" && Path.GetDirectoryName(p) == directory).Select(p => Path.GetFileName(p))
            .Order(StringComparer.Ordinal)]
        : throw new SalvorException(ErrorCode.NotFound, $"{directory} is not there.");

    public void CreateDirectory(string path, UnixFileMode mode)
    {
        if (!_nodes.TryAdd(path, new Node { IsDirectory = true }))
        {
            throw new SalvorException(ErrorCode.IoFailed, $"{path} exists.");
        }
    }

    public void Rename(string from, string to)
    {
        foreach (var path in Tree(from))
        {
            _nodes.Remove(path, out var node);
            _nodes.Add(to + path[from.Length..], node!);
        }
    }

    public void Replace(string from, string to)
    {
        _nodes.Remove(to);
        Rename(from, to);
    }

    public void Exchange(string left, string right)
    {
        const string Aside = "/exchange in progress";
        Rename(left, Aside);
        Rename(right, left);
        Rename(Aside, right);
    }

    public void FlushDirectory(string path)
    {
    }

    public void DeleteOwnFile(string path) => _nodes.Remove(path);

    public void DeleteOwnTree(string path) => Tree(path).ForEach(p => _nodes.Remove(p));

    public void DeleteOwnEmptyDirectory(string path) => _nodes.Remove(path);

    public bool IsLink(string path) => false;

    public void CopyOwner(string like, string to)
    {
    }

    public string? ReadLink(string path) => null;

    public void CreateLink(string path, string target) => throw new NotSupportedException("There are no links here.");

    public void SetOwner(string path, uint owner, uint group)
    {
    }

    public void SetMode(string path, UnixFileMode mode)
    {
    }

    public long FreeBytes(string path) => Free;

    public FileSystemSpace Space(string path) => SpaceOf(path);

    public bool IsLocked(string path) => false;

    private List<string> Tree(string path) =>
        [.. _nodes.Keys.Where(p => p == path || p.StartsWith(path + "/", StringComparison.Ordinal))];

    internal sealed class Node
    {
        private static ulong _last;

        public byte[] Bytes = [];

        public List<(long From, long To)> Unreadable { get; } = [];

        public ulong Inode { get; } = Interlocked.Increment(ref _last);

        public long Length { get; set; }

        public bool IsDirectory { get; init; }
    }
}
