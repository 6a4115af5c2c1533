using Salvor.Formats.Bbolt;
using Salvor.Platform;

namespace Salvor.Restore;

/// <summary>
/// Hands pages to a file, and has the kernel write them out while we go on, so that the flush at the end is short.
/// </summary>
internal sealed class DatabaseSink(IFile file) : IPageSink
{
    private const long WritebackBytes = 8 << 20;

    private long _startedBytes;

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
        file.WriteAt(offset, data);
        var end = offset + data.Length;
        if (end - _startedBytes >= WritebackBytes)
        {
            file.StartWriteback(_startedBytes, end - _startedBytes);
            _startedBytes = end;
        }
    }
}
