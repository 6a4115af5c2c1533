using System.Text;
using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Platform;

namespace Salvor.Readiness.Protect.Machine;

/// <summary>The small text files of a machine whose root directory may be anywhere.</summary>
/// <remarks>
/// A file is written beside its place, under a name that begins with a dot, so that neither kubelet nor systemd ever
/// takes it for one of theirs: kubelet starts a stray copy of a manifest as a second pod. Then it is flushed, takes its
/// place in one rename, and the directory is flushed. A crash leaves the old file or the new one.
/// </remarks>
public sealed class NodeFiles(IFileSystem files, string root)
{
    private const int BytesMax = 1 << 20;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode UsualDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What a configuration file of the system usually has.</summary>
    public static UnixFileMode UsualFile => Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public IFileSystem FileSystem { get; } = files;

    /// <summary>Whether it is this machine's own root directory, so that its processes may be asked.</summary>
    public bool IsThisMachine { get; init; } = root.TrimEnd('/').Length == 0;

    /// <summary>Where a path of the machine is for us.</summary>
    public string PathOf(string path) => root.TrimEnd('/') + "/" + path.TrimStart('/');

    /// <summary>The file; null when there is none.</summary>
    /// <exception cref="SalvorException">It can't be read, or is no text.</exception>
    public NodeText? TryRead(string path)
    {
        var place = PathOf(path);
        if (FileSystem.Stat(place) is not { IsFile: true } status)
        {
            return null;
        }

        if (status.SizeBytes > BytesMax)
        {
            throw Bad(place, $"has {status.SizeBytes} bytes, where a few thousand are usual", inner: null);
        }

        using var file = FileSystem.OpenRead(place);
        var bytes = new byte[status.SizeBytes];
        file.ReadExactlyAt(0, bytes);
        try
        {
            return new NodeText(place, Strict.GetString(bytes), status);
        }
        catch (DecoderFallbackException e)
        {
            throw Bad(place, "is no UTF-8", e);
        }
    }

    /// <summary>Replaces a file by another text, with its mode and owner.</summary>
    /// <exception cref="SalvorException">Somebody changed it since it was read; or it can't be written.</exception>
    public void Replace(NodeText old, string text)
    {
        if (FileSystem.IsLink(old.Path))
        {
            throw Bad(old.Path, "is a symbolic link, and would be replaced by a file", inner: null);
        }

        var beside = WriteBeside(old.Path, text);
        var isInPlace = false;
        try
        {
            FileSystem.CopyOwner(old.Path, beside);
            FileSystem.SetMode(beside, old.Status.Mode); // After the owner, whose change takes bits away.
            if (FileSystem.Stat(old.Path) != old.Status)
            {
                throw new SalvorException(ErrorCode.Failed, $"{old.Path} was changed by somebody else just now.")
                {
                    Hint = "Run this again when whoever changes it is done. It was left as it is.",
                };
            }

            FileSystem.Replace(beside, old.Path);
            isInPlace = true;
        }
        finally
        {
            if (!isInPlace)
            {
                FileSystem.DeleteOwnFile(beside);
            }
        }

        FileSystem.FlushDirectory(DirectoryOf(old.Path));
    }

    /// <summary>Makes a file that must not exist, and the directories above it.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="text">All of it.</param>
    /// <param name="mode">Its permissions.</param>
    /// <param name="like">A file of the machine whose owner and label it gets; null for our own.</param>
    public void Create(string path, string text, UnixFileMode mode, string? like = null)
    {
        var place = PathOf(path);
        EnsurePlace(DirectoryOf(place));
        var beside = WriteBeside(place, text);
        if (like is not null)
        {
            FileSystem.CopyOwner(PathOf(like), beside);
        }

        FileSystem.SetMode(beside, mode);
        FileSystem.Rename(beside, place);
        FileSystem.FlushDirectory(DirectoryOf(place));
    }

    /// <summary>Gives a configuration file of Salvor's own this text; one that has it is not written.</summary>
    public void Write(string path, string text)
    {
        if (TryRead(path) is not { } old)
        {
            Create(path, text, UsualFile);
        }
        else if (old.Text != text)
        {
            Replace(old, text);
        }
    }

    /// <summary>Makes a directory of Salvor's own, and those above it, where they are missing.</summary>
    public void EnsureDirectory(string path) => EnsurePlace(PathOf(path));

    /// <summary>Deletes a file that Salvor made, and durably so.</summary>
    public void DeleteOwn(string path)
    {
        var place = PathOf(path);
        FileSystem.DeleteOwnFile(place);
        FileSystem.FlushDirectory(DirectoryOf(place));
    }

    private static string DirectoryOf(string place) => Path.GetDirectoryName(place) ?? "/";

    private static SalvorException Bad(string place, string why, Exception? inner) =>
        new(ErrorCode.WrongKind, $"{place} {why}.", inner);

    private string WriteBeside(string place, string text)
    {
        var beside = Path.Combine(DirectoryOf(place), $".{Path.GetFileName(place)}.salvor-new");
        if (FileSystem.Stat(beside) is not null)
        {
            FileSystem.DeleteOwnFile(beside); // What an earlier run was cut off at.
        }

        using var file = FileSystem.CreateNew(beside, Private);
        file.WriteAt(0, Strict.GetBytes(text));
        file.FlushToDisk();
        return beside;
    }

    private void EnsurePlace(string directory)
    {
        if (FileSystem.Stat(directory) is not null)
        {
            return;
        }

        var above = DirectoryOf(directory);
        EnsurePlace(above);
        FileSystem.CreateDirectory(directory, UsualDirectory);
        FileSystem.FlushDirectory(above);
    }
}
