using System.Security.Cryptography;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Readiness.Protect.DataVolume;

/// <summary>A directory's copy on another file system: durable, and proved to be the same.</summary>
internal sealed class VerifiedCopy(IFileSystem files, string from, string to)
{
    private const int BufferBytes = 1 << 20;
    private const int DepthMax = 16;
    private const int EntriesMax = 100_000;

    /// <summary>What was copied, by its path below the directory, with a file's SHA-256.</summary>
    private readonly SortedDictionary<string, (FileStatus Status, string? Hash)> _entries =
        new(StringComparer.Ordinal);

    /// <summary>What a directory's files take.</summary>
    public static long BytesOf(IFileSystem files, string directory) =>
        new VerifiedCopy(files, directory, directory).Walk().Sum(e => e.Status.IsFile ? e.Status.SizeBytes : 0);

    /// <summary>Copies all of it, with modes and owners, and returns when it is durable.</summary>
    /// <exception cref="SalvorException">There is something else than files and directories in it.</exception>
    public void Write(CancellationToken ct)
    {
        MakeDirectory("", files.Stat(from)!);
        foreach (var (path, status) in Walk())
        {
            ct.ThrowIfCancellationRequested();
            if (status.IsDirectory)
            {
                MakeDirectory(path, status);
            }
            else
            {
                _entries[path] = (status, CopyFile(path, status, ct));
            }
        }

        foreach (var path in _entries.Where(e => e.Value.Status.IsDirectory).Select(e => e.Key).Reverse())
        {
            files.FlushDirectory(Path.Combine(to, path));
        }

        files.FlushDirectory(Path.GetDirectoryName(to)!);
    }

    /// <summary>Reads the copy again, and looks whether anybody has written to the directory meanwhile.</summary>
    /// <exception cref="SalvorException">They are not the same.</exception>
    public void Verify(CancellationToken ct)
    {
        foreach (var (path, (_, hash)) in _entries.Where(e => e.Value.Hash is not null))
        {
            if (HashOf(Path.Combine(to, path), ct) != hash)
            {
                throw new SalvorException(ErrorCode.Corrupt, $"{Path.Combine(to, path)} is not what was copied.")
                {
                    Hint = "The device gives back something else than what was written: take another one.",
                };
            }
        }

        var now = Walk().ToDictionary(e => e.Path, e => e.Status);
        var then = _entries.Where(e => e.Key.Length > 0).ToList();
        if (now.Count != then.Count || then.Exists(e => now.GetValueOrDefault(e.Key) != e.Value.Status))
        {
            throw new SalvorException(ErrorCode.InUse, $"Somebody wrote to {from} while it was copied.")
            {
                Hint = "No etcd may run meanwhile, but kubelet's, which was stopped.",
            };
        }
    }

    private string HashOf(string path, CancellationToken ct)
    {
        using var file = files.OpenRead(path);
        return Read(file, (_, _) => { }, ct);
    }

    private static string Read(IFile file, Action<long, ReadOnlyMemory<byte>> each, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (var offset = 0L; ;)
        {
            ct.ThrowIfCancellationRequested();
            var count = file.ReadAt(offset, buffer);
            if (count == 0)
            {
                return Convert.ToHexStringLower(hash.GetHashAndReset());
            }

            hash.AppendData(buffer.AsSpan(0, count));
            each(offset, buffer.AsMemory(0, count));
            offset += count;
        }
    }

    private string CopyFile(string path, FileStatus status, CancellationToken ct)
    {
        var target = Path.Combine(to, path);
        using var source = files.OpenRead(Path.Combine(from, path));
        using var copy = files.CreateNew(target, status.Mode);
        var hash = Read(source, (offset, bytes) => copy.WriteAt(offset, bytes.Span), ct);
        files.CopyOwner(Path.Combine(from, path), target);
        files.SetMode(target, status.Mode); // After the owner, whose change takes bits away.
        copy.FlushToDisk();
        return hash;
    }

    private void MakeDirectory(string path, FileStatus status)
    {
        var target = Path.Combine(to, path);
        files.CreateDirectory(target, status.Mode);
        files.CopyOwner(Path.Combine(from, path), target);
        files.SetMode(target, status.Mode);
        _entries[path] = (status, null);
    }

    /// <summary>Everything below the directory, each directory before what is in it.</summary>
    private List<(string Path, FileStatus Status)> Walk()
    {
        var found = new List<(string, FileStatus)>();
        Walk("", depth: 0, found);
        return found;
    }

    private void Walk(string path, int depth, List<(string Path, FileStatus Status)> found)
    {
        foreach (var name in files.List(Path.Combine(from, path)))
        {
            var inner = Path.Combine(path, name);
            var place = Path.Combine(from, inner);
            var status = files.IsLink(place) ? null : files.Stat(place);
            if (status is not ({ IsFile: true } or { IsDirectory: true }) || depth == DepthMax
                || found.Count == EntriesMax)
            {
                throw new SalvorException(ErrorCode.WrongKind,
                    $"{place} is nothing that a data directory of etcd has in it.")
                {
                    Hint = "Only files and directories are moved: move this away first.",
                };
            }

            found.Add((inner, status));
            if (status.IsDirectory)
            {
                Walk(inner, depth + 1, found);
            }
        }
    }
}
