using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Salvor.Errors;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Recovery.OnMachine;

/// <summary>Where a repair keeps the small files that it replaces. Only root may look into it.</summary>
/// <remarks>
/// A file is there, whole and durable, before anything takes its place. Equal ones are kept once, so that a repair that
/// is done again adds nothing. Nothing is ever deleted: when there are too many, repairs refuse until a person has
/// looked.
/// </remarks>
public sealed class LocalQuarantine(NodeFiles machine)
{
    public const string DirectoryPath = "/var/lib/salvor/quarantine";

    private const int FilesMax = 400;
    private const int HashDigits = 16;

    private const UnixFileMode Private =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Copies a file there, with its owner and mode.</summary>
    /// <param name="file">The file, as it was read.</param>
    /// <param name="kind">The directory for it.</param>
    /// <returns>Where the copy is.</returns>
    public string Keep(NodeText file, string kind)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(file.Text));
        var name = $"{Path.GetFileName(file.Path)}-{Convert.ToHexStringLower(hash)[..HashDigits]}";
        var path = $"{Ensure(kind)}/{name}";
        if (machine.FileSystem.Stat(machine.PathOf(path)) is null)
        {
            machine.Create(path, file.Text, file.Status.Mode);
            machine.FileSystem.CopyOwner(file.Path, machine.PathOf(path));
        }

        return machine.TryRead(path)?.Text == file.Text
            ? machine.PathOf(path)
            : throw new SalvorException(ErrorCode.IoFailed, $"{machine.PathOf(path)} does not read as it was written.")
            {
                Hint = $"Move it away; {file.Path} was left as it is.",
            };
    }

    /// <summary>Moves a file there: whatever reads its directory no longer sees it.</summary>
    /// <param name="path">Where it is on the machine.</param>
    /// <param name="kind">The directory for it.</param>
    /// <returns>Where it is now.</returns>
    public string Move(string path, string kind)
    {
        var place = machine.PathOf(path);
        if (machine.FileSystem.IsLink(place))
        {
            throw new SalvorException(ErrorCode.WrongKind, $"{place} is a symbolic link.")
            {
                Hint = "Move it away by hand.",
            };
        }

        var directory = machine.PathOf(Ensure(kind));
        var isNear = machine.FileSystem.Stat(directory)?.DeviceId == machine.FileSystem.Stat(place)?.DeviceId;
        return isNear ? Rename(place, directory) : MoveFar(path, kind);
    }

    private string Rename(string place, string directory)
    {
        var to = FreeName(directory, Path.GetFileName(place));
        machine.FileSystem.Rename(place, to);
        machine.FileSystem.FlushDirectory(directory);
        machine.FileSystem.FlushDirectory(Path.GetDirectoryName(place)!);
        return to;
    }

    /// <summary>To another file system: the name goes when the copy is durable, and has been read back.</summary>
    private string MoveFar(string path, string kind)
    {
        var file = machine.TryRead(path)
            ?? throw new SalvorException(ErrorCode.NotFound, $"{machine.PathOf(path)} is not there any more.");
        var to = Keep(file, kind);
        if (machine.FileSystem.Stat(file.Path) != file.Status)
        {
            throw new SalvorException(ErrorCode.Failed, $"{file.Path} was changed by somebody else just now.");
        }

        machine.DeleteOwn(path);
        return to;
    }

    private string FreeName(string directory, string name)
    {
        for (var i = 1; ; i++)
        {
            var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{name}-{i}"));
            if (machine.FileSystem.Stat(path) is null)
            {
                return path;
            }
        }
    }

    private string Ensure(string kind)
    {
        EnsurePrivate(DirectoryPath);
        var directory = $"{DirectoryPath}/{kind}";
        EnsurePrivate(directory);
        var count = machine.FileSystem.List(machine.PathOf(directory)).Count;
        return count < FilesMax
            ? directory
            : throw new SalvorException(ErrorCode.NoSpace, $"{machine.PathOf(directory)} holds {count} files.")
            {
                Hint = "See what keeps breaking them, then move them elsewhere.",
            };
    }

    private void EnsurePrivate(string path)
    {
        var place = machine.PathOf(path);
        if (machine.FileSystem.Stat(place) is null)
        {
            var above = Path.GetDirectoryName(path)!;
            machine.EnsureDirectory(above);
            machine.FileSystem.CreateDirectory(place, Private);
            machine.FileSystem.FlushDirectory(machine.PathOf(above));
        }
    }
}
