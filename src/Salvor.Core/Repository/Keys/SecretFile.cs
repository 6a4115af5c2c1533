using System.Text;
using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Platform;

namespace Salvor.Repository.Keys;

/// <summary>Small text files that hold a secret.</summary>
public static class SecretFile
{
    private const int BytesMax = 4096;
    private const int TokenBytes = 6;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="SalvorException">The file is missing, too large, or no text.</exception>
    public static string ReadText(IFileSystem fileSystem, string path)
    {
        using var file = fileSystem.OpenRead(path);
        if (file.Length > BytesMax)
        {
            throw new SalvorException(
                ErrorCode.WrongKind, $"{path} is too large for a secret: {file.Length} bytes, at most {BytesMax}.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactlyAt(0, bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>
    /// A sentence about who else may read or change the file; null when only its owner may. It is a warning, never an
    /// error: a copy on a stick that can't hold modes has to open a repository on the worst of days.
    /// </summary>
    public static string? ExposureOf(IFileSystem fileSystem, string path) =>
        fileSystem.Stat(path) is { } status && (status.Mode & Others) != 0
            ? $"{path} can be read or changed by other users of this machine; chmod 600 {path} ends that."
            : null;

    /// <summary>Writes a file whole or not at all, readable by its owner only, and never over another one.</summary>
    public static void WriteNew(IFileSystem fileSystem, IEntropy entropy, string path, string text)
    {
        if (fileSystem.Stat(path) is not null || fileSystem.IsLink(path))
        {
            throw new SalvorException(ErrorCode.TargetNotEmpty, $"{path} exists, and nothing is ever overwritten.")
            {
                Hint = "Name another file, or look what this one opens before it is moved away.",
            };
        }

        Span<byte> token = stackalloc byte[TokenBytes];
        entropy.Fill(token);
        var temporary = $"{path}.{Convert.ToHexStringLower(token)}";
        var file = fileSystem.CreateNew(temporary, OwnerOnly);
        try
        {
            using (file)
            {
                file.WriteAt(0, Encoding.UTF8.GetBytes(text));
                file.FlushToDisk();
            }

            fileSystem.Rename(temporary, path);
        }
        catch (SalvorException)
        {
            fileSystem.DeleteOwnFile(temporary);
            throw;
        }

        fileSystem.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
