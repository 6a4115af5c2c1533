using System.Buffers;
using System.Buffers.Binary;
using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.ObjectStore.Local;

/// <summary>The changes of a store's directory. Each is durable when it returns.</summary>
internal sealed class LocalWriter(LocalLayout layout, IFileSystem files, IEntropy entropy)
{
    /// <summary>Writes and flushes the content beside its final place.</summary>
    /// <returns>The temporary's path.</returns>
    public string WriteTemporary(ObjectName name, ReadOnlySequence<byte> content)
    {
        CreateParents(name);
        var path = layout.TemporaryFor(name, NewToken());
        try
        {
            using var file = files.CreateNew(path, LocalLayout.FileMode);
            var offset = 0L;
            foreach (var part in content)
            {
                file.WriteAt(offset, part.Span);
                offset += part.Length;
            }

            file.FlushToDisk();
            return path;
        }
        catch (SalvorException)
        {
            TryDelete(path);
            throw;
        }
    }

    /// <summary>Gives the temporary its name, unless something has it.</summary>
    public bool TryNameNew(string temporary, ObjectName name)
    {
        try
        {
            files.Rename(temporary, layout.PathOf(name));
        }
        catch (SalvorException e) when (e.Code == ErrorCode.TargetNotEmpty)
        {
            return false;
        }

        files.FlushDirectory(layout.ParentOf(name));
        return true;
    }

    /// <summary>Gives the temporary its name, over what has it. For the holder of the lock only.</summary>
    public bool NameOver(string temporary, ObjectName name)
    {
        files.Replace(temporary, layout.PathOf(name));
        files.FlushDirectory(layout.ParentOf(name));
        return true;
    }

    /// <summary>Deletes an object, if it is there. For the holder of the lock only.</summary>
    public bool Delete(ObjectName name)
    {
        if (layout.Stat(name) is null)
        {
            return false;
        }

        files.DeleteOwnFile(layout.PathOf(name));
        files.FlushDirectory(layout.ParentOf(name));
        return true;
    }

    /// <summary>Makes durable what somebody else has named there.</summary>
    public bool FlushParent(ObjectName name)
    {
        if (files.Stat(layout.ParentOf(name)) is null)
        {
            return false;
        }

        files.FlushDirectory(layout.ParentOf(name));
        return true;
    }

    /// <summary>Takes a temporary away as far as that works: the failure that led here is the one to tell of.</summary>
    public void TryDelete(string temporary)
    {
        try
        {
            if (files.Stat(temporary) is not null)
            {
                files.DeleteOwnFile(temporary);
            }
        }
        catch (SalvorException)
        {
            // It stays a temporary, which no list shows and the next housekeeping removes.
        }
    }

    private void CreateParents(ObjectName name)
    {
        var segments = name.Value.Split('/');
        if (segments.Length == 1 || files.Stat(layout.ParentOf(name)) is { IsDirectory: true })
        {
            layout.RequireRoot();
            return;
        }

        layout.RequireRoot();
        var path = layout.Root;
        foreach (var segment in segments.AsSpan(0, segments.Length - 1))
        {
            var above = path;
            path = Path.Combine(path, segment);
            if (files.Stat(path) is { IsDirectory: true })
            {
                continue;
            }

            try
            {
                files.CreateDirectory(path, LocalLayout.DirectoryMode);
            }
            catch (SalvorException e)
                when (e.Code == ErrorCode.TargetNotEmpty && files.Stat(path) is { IsDirectory: true })
            {
                // Another put made it in between; whoever it was may not have flushed it yet.
            }

            files.FlushDirectory(above);
        }
    }

    private ulong NewToken()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        entropy.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
