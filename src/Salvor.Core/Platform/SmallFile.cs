using Salvor.Errors;

namespace Salvor.Platform;

/// <summary>A small file of Salvor's own, or of the kernel's, read and written whole.</summary>
public static class SmallFile
{
    private const int FirstReadBytes = 4096;

    /// <summary>The content; null when there is no such file.</summary>
    /// <param name="files">Where.</param>
    /// <param name="path">Which. Files below /proc say that they have no length: they are read to their end.</param>
    /// <param name="bytesMax">More are refused.</param>
    /// <exception cref="SalvorException">It can't be read, or is longer.</exception>
    public static byte[]? TryRead(IFileSystem files, string path, int bytesMax)
    {
        if (files.Stat(path) is null)
        {
            return null;
        }

        using var file = files.OpenRead(path);
        var content = new byte[Math.Min(bytesMax, FirstReadBytes) + 1];
        var length = 0;
        while (true)
        {
            var count = file.ReadAt(length, content.AsSpan(length));
            length += count;
            if (length > bytesMax)
            {
                throw new SalvorException(ErrorCode.WrongKind,
                    $"{path} has more than {bytesMax} bytes, which no such file has.");
            }

            if (count == 0)
            {
                return content[..length];
            }

            if (length == content.Length)
            {
                Array.Resize(ref content, Math.Min(bytesMax, length * 2) + 1);
            }
        }
    }

    /// <summary>Gives the file this content: a crash leaves the old one or the new one.</summary>
    public static void Write(IFileSystem files, string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var directory = Path.GetDirectoryName(path) ?? "/";
        var beside = Path.Combine(directory, $".{Path.GetFileName(path)}.salvor-new");
        if (files.Stat(beside) is not null)
        {
            files.DeleteOwnFile(beside); // What an earlier run was cut off at.
        }

        using (var file = files.CreateNew(beside, mode))
        {
            file.WriteAt(0, content);
            file.FlushToDisk();
        }

        files.Replace(beside, path);
        files.FlushDirectory(directory);
    }

    /// <summary>Makes a directory, and those above it, where they are missing.</summary>
    public static void EnsureDirectory(IFileSystem files, string directory, UnixFileMode mode)
    {
        if (files.Stat(directory) is not null)
        {
            return;
        }

        var above = Path.GetDirectoryName(directory) ?? "/";
        EnsureDirectory(files, above, mode);
        files.CreateDirectory(directory, mode);
        files.FlushDirectory(above);
    }
}
