namespace Salvor.Formats.Bytes;

/// <summary>Random access to bytes that somebody else owns: a file, an image in memory, a stored object.</summary>
public interface IByteSource
{
    /// <summary>What an error should call this source; usually a path.</summary>
    string Name { get; }

    /// <summary>Length in bytes when the source was opened.</summary>
    long Length { get; }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/> on.</summary>
    /// <returns>The bytes read: fewer than asked for only at the end of the source.</returns>
    int ReadAt(long offset, Span<byte> buffer);
}
