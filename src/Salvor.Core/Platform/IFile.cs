using Salvor.Formats.Bytes;

namespace Salvor.Platform;

/// <summary>An open file. Reads and writes name their offset, so that several threads may share it.</summary>
public interface IFile : IByteSource, IDisposable
{
    /// <summary>Writes all of <paramref name="data"/>, or throws.</summary>
    void WriteAt(long offset, ReadOnlySpan<byte> data);

    /// <summary>
    /// Asks the kernel to begin writing a range to the disk, so that the last flush has less to wait for. Promises
    /// nothing.
    /// </summary>
    void StartWriteback(long offset, long lengthBytes);

    /// <summary>
    /// Reserves disk space from the start of the file, so that later writes need no new metadata; the length grows with
    /// it. A no-op where the file system can't.
    /// </summary>
    void Preallocate(long lengthBytes);

    /// <summary>Sets the length; grown space reads as zeros.</summary>
    void SetLength(long lengthBytes);

    /// <summary>Returns when data and length are on stable storage (fsync).</summary>
    void FlushToDisk();
}
