using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.DataDirectory;

/// <summary>
/// A directory of our own beside the data, where a new member is built before anything else is touched.
/// </summary>
/// <remarks>
/// It is called <c>.salvor-new</c> and lies inside the target, so that the last step is a rename within one file system
/// even where the target is a mount point. It never holds old data: what a crash leaves here is always ours to delete.
/// A lock in it tells a crashed run's leftovers from another Salvor at work.
/// </remarks>
internal sealed class StagingArea : IDisposable
{
    public const string DirectoryName = ".salvor-new";
    public const string OwnPrefix = ".salvor-";

    private const string LockName = "lock";

    private readonly IFileSystem _files;
    private readonly IDisposable _lock;

    private StagingArea(IFileSystem files, string path, IDisposable heldLock)
    {
        _files = files;
        Path = path;
        _lock = heldLock;
        try
        {
            Clear();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>Makes the area, or takes over what a crashed run left of it.</summary>
    public static StagingArea Open(IFileSystem files, string parent)
    {
        var path = System.IO.Path.Combine(parent, DirectoryName);
        if (files.IsLink(path))
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty,
                $"{path} is a symbolic link, which Salvor did not make.")
            {
                Hint = "Remove the link; nothing behind it is touched.",
            };
        }

        var isNew = files.Stat(path) is null;
        if (isNew)
        {
            files.CreateDirectory(path, MemberLayout.DirectoryMode);
        }

        return new StagingArea(files, path, Lock(files, parent, path, isNew));
    }

    /// <summary>Deletes the area with what is left in it. The lock goes last: it keeps others out until then.</summary>
    public void Remove()
    {
        if (_files.Stat(Path) is null)
        {
            return;
        }

        Clear();
        _files.DeleteOwnFile(System.IO.Path.Combine(Path, LockName));
        _files.DeleteOwnEmptyDirectory(Path);
    }

    public void Dispose() => _lock.Dispose();

    private static IDisposable Lock(IFileSystem files, string parent, string path, bool isNew)
    {
        try
        {
            return files.TryLockOwnFile(System.IO.Path.Combine(path, LockName))
                ?? throw new SalvorException(ErrorCode.InUse, $"Another salvor is restoring into {parent} right now.")
                {
                    Hint = "Wait until it is done, or end it.",
                };
        }
        catch (SalvorException e) when (isNew && e.Code != ErrorCode.InUse)
        {
            files.DeleteOwnEmptyDirectory(path);
            throw;
        }
    }

    private void Clear()
    {
        foreach (var name in _files.List(Path).Where(n => n != LockName))
        {
            var child = System.IO.Path.Combine(Path, name);
            if (_files.Stat(child) is { IsDirectory: true } && !_files.IsLink(child))
            {
                _files.DeleteOwnTree(child);
            }
            else
            {
                _files.DeleteOwnFile(child);
            }
        }
    }
}
