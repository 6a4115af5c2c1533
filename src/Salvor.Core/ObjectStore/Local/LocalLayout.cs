using System.Buffers;
using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.ObjectStore.Local;

/// <summary>Where things lie in the directory of a store, and what is there.</summary>
internal sealed class LocalLayout(string root, IFileSystem files)
{
    public const UnixFileMode DirectoryMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Begins every name in the directory that is no object's: it is not in their alphabet.</summary>
    private const char OwnMark = '~';

    private const int TokenDigits = 16;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    // What fits into a DateTimeOffset, whatever the file system's clock says.
    private static readonly long UnixSecondsMax = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public string Root { get; } = root.Length > 1 ? root.TrimEnd('/') : root;

    public string LockPath => Path.Combine(Root, "~lock");

    public string PathOf(ObjectName name) => Path.Combine(Root, name.Value);

    public string ParentOf(ObjectName name) => ParentOf(PathOf(name));

    public static string ParentOf(string path) =>
        Path.GetDirectoryName(path.TrimEnd('/')) is { Length: > 0 } parent ? parent : path.StartsWith('/') ? "/" : ".";

    /// <summary>A name beside the object's, for its content until it is whole.</summary>
    public string TemporaryFor(ObjectName name, ulong token) => Path.Combine(
        ParentOf(name), string.Create(CultureInfo.InvariantCulture, $"{OwnMark}{token:x16}"));

    public static bool IsTemporary(string fileName) =>
        fileName.Length == TokenDigits + 1 && fileName[0] == OwnMark
        && !fileName.AsSpan(1).ContainsAnyExcept(HexDigits);

    /// <summary>The object's file; null where there is none, in a directory that is there.</summary>
    public FileStatus? Stat(ObjectName name)
    {
        if (files.Stat(PathOf(name)) is not { } status)
        {
            RequireRoot();
            return null;
        }

        return status.IsFile
            ? status
            : throw new SalvorException(ErrorCode.WrongKind, $"{PathOf(name)} is no file, as an object should be.")
            {
                Hint = "Somebody else has put something into the store's directory; give the store one of its own.",
            };
    }

    /// <summary>Tells a store that is gone from an empty one.</summary>
    public void RequireRoot()
    {
        if (files.Stat(Root) is { IsDirectory: true })
        {
            return;
        }

        throw new SalvorException(ErrorCode.NotFound, $"The store's directory {Root} is not there.")
        {
            Hint = "Is its disk or share mounted? It is not made here, lest backups land on the wrong disk.",
        };
    }

    public static ObjectInfo InfoOf(ObjectName name, FileStatus status)
    {
        var seconds = (long)Int128.Clamp(status.ModifiedUnixNanoseconds / 1_000_000_000, 0, UnixSecondsMax);
        return new ObjectInfo(name, status.SizeBytes, DateTimeOffset.FromUnixTimeSeconds(seconds), Tag: null);
    }
}
