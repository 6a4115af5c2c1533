using System.Buffers;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.ObjectStore.Local;

/// <summary>
/// Reads objects out of a store's directory. An open file is one content, whatever its name means by now.
/// </summary>
internal static class LocalReader
{
    public static ObjectContent? Read(
        LocalLayout layout, IFileSystem files, ObjectName name, ByteRange? range, int bytesMax)
    {
        using var file = TryOpen(layout, files, name);
        if (file is null)
        {
            return null;
        }

        var lengthBytes = file.Length;
        var wanted = StoreLimits.BytesToRead(layout.Root, name, lengthBytes, range, bytesMax);
        var buffer = ArrayPool<byte>.Shared.Rent(wanted);
        try
        {
            if (file.ReadAt(range?.Offset ?? 0, buffer.AsSpan(0, wanted)) != wanted)
            {
                throw new SalvorException(ErrorCode.IoFailed, $"{file.Name} became shorter while it was read.")
                {
                    Hint = "Something other than Salvor writes into the store's directory.",
                };
            }
        }
        catch (SalvorException)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }

        var tag = wanted == lengthBytes ? ContentTag.Of(buffer.AsMemory(0, wanted)) : null;
        return new ObjectContent(buffer, wanted, lengthBytes, tag);
    }

    /// <summary>The tag of what is stored now; null when nothing is, or something too long to have one.</summary>
    public static ObjectTag? ReadTag(LocalLayout layout, IFileSystem files, ObjectName name)
    {
        if (layout.Stat(name) is not { SizeBytes: <= StoreLimits.TaggedBytesMax })
        {
            return null;
        }

        using var content = Read(layout, files, name, range: null, StoreLimits.TaggedBytesMax);
        return content?.Tag;
    }

    private static IFile? TryOpen(LocalLayout layout, IFileSystem files, ObjectName name)
    {
        if (layout.Stat(name) is null)
        {
            return null;
        }

        try
        {
            return files.OpenRead(layout.PathOf(name));
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NotFound)
        {
            layout.RequireRoot();
            return null; // Deleted between the two calls.
        }
    }
}
