using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Tests.DataDirectory;

/// <summary>
/// The real file system until the n-th change. Then either the power is gone for good, half of a write done, or that
/// one change fails and the rest works. Flushes are counted and recorded, but spare the disk.
/// </summary>
internal sealed class FaultyFileSystem(IFileSystem inner) : IFileSystem
{
    private readonly List<FileStep> _steps = [];
    private readonly List<IDisposable> _locks = [];
    private bool _isOff;

    /// <summary>The change, counted from 0, at which the power goes; null for never.</summary>
    public int? CutAt { get; init; }

    /// <summary>The change, counted from 0, that fails.</summary>
    public int? FailAt { get; init; }

    public ErrorCode Failure { get; init; } = ErrorCode.IoFailed;

    public IReadOnlyList<FileStep> Steps => _steps;

    public bool WasHit => _isOff || _steps.Count > (FailAt ?? int.MaxValue);

    public IFile OpenRead(string path) => new FaultyFile(this, Live.OpenRead(path));

    public IFile CreateNew(string path, UnixFileMode mode) =>
        new FaultyFile(this, Obtain("create", path, () => inner.CreateNew(path, mode)));

    public IDisposable? TryLockOwnFile(string path)
    {
        var held = Obtain("lock", path, () => inner.TryLockOwnFile(path));
        if (held is not null)
        {
            _locks.Add(held);
        }

        return held;
    }

    public FileStatus? Stat(string path) => Live.Stat(path);

    public IReadOnlyList<string> List(string directory) => Live.List(directory);

    public void CreateDirectory(string path, UnixFileMode mode) =>
        Change("mkdir", path, () => inner.CreateDirectory(path, mode));

    public void Rename(string from, string to) => Change("rename", from, () => inner.Rename(from, to), to);

    public void Replace(string from, string to) => Change("replace", from, () => inner.Replace(from, to), to);

    public void Exchange(string left, string right) =>
        Change("exchange", left, () => inner.Exchange(left, right), right);

    public void FlushDirectory(string path) => Change("flush-directory", path, static () => { });

    public void DeleteOwnFile(string path) => Change("unlink", path, () => inner.DeleteOwnFile(path));

    public void DeleteOwnEmptyDirectory(string path) =>
        Change("rmdir", path, () => inner.DeleteOwnEmptyDirectory(path));

    public void DeleteOwnTree(string path)
    {
        foreach (var child in List(path).Select(name => Path.Combine(path, name)))
        {
            if (Stat(child) is { IsDirectory: true } && !IsLink(child))
            {
                DeleteOwnTree(child);
            }
            else
            {
                DeleteOwnFile(child);
            }
        }

        DeleteOwnEmptyDirectory(path);
    }

    public bool IsLink(string path) => Live.IsLink(path);

    public void CopyOwner(string like, string to) => Change("chown", to, () => inner.CopyOwner(like, to));

    public string? ReadLink(string path) => Live.ReadLink(path);

    public void CreateLink(string path, string target) =>
        Change("symlink", path, () => inner.CreateLink(path, target));

    public void SetOwner(string path, uint owner, uint group) =>
        Change("chown", path, () => inner.SetOwner(path, owner, group));

    public void SetMode(string path, UnixFileMode mode) => Change("chmod", path, () => inner.SetMode(path, mode));

    public long FreeBytes(string path) => Live.FreeBytes(path);

    public FileSystemSpace Space(string path) => Live.Space(path);

    public bool IsLocked(string path) => Live.IsLocked(path);

    /// <summary>Does one change, or what is left of it.</summary>
    public void Change(string verb, string path, Action change, string? to = null, Action? half = null)
    {
        var number = _steps.Count;
        if (_isOff || number == CutAt)
        {
            if (!_isOff)
            {
                half?.Invoke();
            }

            _isOff = true;
            _locks.ForEach(l => l.Dispose()); // No lock outlives its process.
            throw new PowerCutException();
        }

        _steps.Add(new FileStep(verb, path, to));
        if (number == FailAt)
        {
            half?.Invoke();
            throw new SalvorException(Failure, $"Cannot {verb} {path}: the test wants it so.");
        }

        change();
    }

    private IFileSystem Live => _isOff ? throw new PowerCutException() : inner;

    private T Obtain<T>(string verb, string path, Func<T> change)
    {
        T result = default!;
        Change(verb, path, () => { result = change(); });
        return result;
    }
}
