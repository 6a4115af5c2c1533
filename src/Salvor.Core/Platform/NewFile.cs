using Salvor.Errors;

namespace Salvor.Platform;

/// <summary>A file that gets its name only when all of it is durable, and never takes another one's place.</summary>
/// <remarks>Until then it is a hidden file beside its place, which is deleted when the work fails.</remarks>
public sealed class NewFile : IDisposable
{
    private const UnixFileMode PrivateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly IFileSystem _files;
    private readonly string _partial;
    private bool _isPartialLeft = true;

    private NewFile(IFileSystem files, string target, string partial)
    {
        _files = files;
        _partial = partial;
        Path = target;
        File = files.CreateNew(partial, PrivateMode);
    }

    /// <summary>The name that it will have.</summary>
    public string Path { get; }

    public IFile File { get; }

    /// <exception cref="SalvorException">The name is taken, or its directory is not there.</exception>
    public static NewFile Begin(IFileSystem files, string target, IEntropy entropy)
    {
        var path = System.IO.Path.GetFullPath(target);
        var directory = DirectoryOf(path);
        if (files.Stat(path) is not null)
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty, $"{path} exists already.")
            {
                Hint = "Name another file, or move this one away; nothing is overwritten.",
            };
        }

        return files.Stat(directory) is { IsDirectory: true }
            ? new NewFile(files, path, Hidden(path, entropy))
            : throw new SalvorException(ErrorCode.NotFound, $"There is no directory {directory}.")
            {
                Hint = "Make it first, or name a file in a directory that exists.",
            };
    }

    /// <summary>Makes it durable, and then gives it its name.</summary>
    public void Commit()
    {
        File.FlushToDisk();
        _files.Rename(_partial, Path);
        _isPartialLeft = false;
        _files.FlushDirectory(DirectoryOf(Path));
    }

    public void Dispose()
    {
        File.Dispose();
        if (_isPartialLeft)
        {
            _isPartialLeft = false;
            _files.DeleteOwnFile(_partial);
        }
    }

    private static string DirectoryOf(string path) => System.IO.Path.GetDirectoryName(path) ?? "/";

    private static string Hidden(string path, IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        entropy.Fill(bytes);
        var name = $".{System.IO.Path.GetFileName(path)}.salvor-partial-{Convert.ToHexStringLower(bytes)}";
        return System.IO.Path.Combine(DirectoryOf(path), name);
    }
}
