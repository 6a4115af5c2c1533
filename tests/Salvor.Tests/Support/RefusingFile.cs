using Salvor.Errors;
using Salvor.Platform;

namespace Salvor.Tests.Support;

/// <summary>A file that may be opened and not read.</summary>
internal sealed class RefusingFile : IFile
{
    public string Name => "/refusing";

    public long Length => 1 << 20;

    public int ReadAt(long offset, Span<byte> buffer) =>
        throw new SalvorException(ErrorCode.AccessDenied, "/refusing may not be read.");

    public void WriteAt(long offset, ReadOnlySpan<byte> data)
    {
    }

    public void StartWriteback(long offset, long lengthBytes)
    {
    }

    public void Preallocate(long lengthBytes)
    {
    }

    public void SetLength(long lengthBytes)
    {
    }

    public void FlushToDisk()
    {
    }

    public void Dispose()
    {
    }
}
