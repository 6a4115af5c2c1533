using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Tests.Support;

/// <summary>A file of <see cref="MemoryFiles"/>, open. What is reserved but not written takes no memory.</summary>
internal sealed class MemoryFile(string name, MemoryFiles.Node node) : IFile
{
    public string Name => name;

    public long Length => node.Length;

    public int ReadAt(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Clamp(node.Length - offset, 0, buffer.Length);
        if (node.Unreadable.Exists(r => r.From < offset + count && offset < r.To))
        {
            throw new SalvorException(ErrorCode.IoFailed, $"{name} can't be read: input/output error.");
        }

        var stored = (int)Math.Clamp(node.Bytes.Length - offset, 0, count);
        node.Bytes.AsSpan((int)Math.Min(offset, node.Bytes.Length), stored).CopyTo(buffer);
        buffer[stored..count].Clear();
        return count;
    }

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        var end = checked((int)(offset + data.Length));
        if (end > node.Bytes.Length)
        {
            Array.Resize(ref node.Bytes, end);
        }

        data.CopyTo(node.Bytes.AsSpan((int)offset));
        node.Length = Math.Max(node.Length, end);
    }

    public void StartWriteback(long offset, long lengthBytes)
    {
    }

    public void Preallocate(long lengthBytes) => node.Length = Math.Max(node.Length, lengthBytes);

    public void SetLength(long lengthBytes)
    {
        if (lengthBytes < node.Bytes.Length)
        {
            Array.Resize(ref node.Bytes, (int)lengthBytes);
        }

        node.Length = lengthBytes;
    }

    public void FlushToDisk()
    {
    }

    public void Dispose()
    {
    }
}
