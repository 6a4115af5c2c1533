using Salvor.Formats.Bytes;

namespace Salvor.Formats.Bbolt;

/// <summary>
/// Reads pages through one window of bytes: large steps where pages follow each other, small ones where they don't.
/// </summary>
/// <remarks>
/// A defragmented file is read in tree order nearly from front to back, an aged one in jumps of a page or two. Reading
/// ahead
/// only after a page that followed the last one keeps both within a few percent of the bytes they need.
/// </remarks>
public sealed class PageReader(IByteSource source, int pageSizeBytes, PageId limit)
{
    private const int ReadAheadBytes = 256 << 10;
    private const int JumpBytes = 16 << 10;

    /// <summary>A page with its overflow; etcd's largest values make a few MB.</summary>
    private const int PageBytesMax = 1 << 30;

    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;

    /// <summary>Reads a page's header alone.</summary>
    /// <param name="id">Which page.</param>
    /// <param name="header">What it says.</param>
    /// <returns>False when the page or its overflow pages lie beyond the limit.</returns>
    public bool TryReadHeader(PageId id, out PageHeader header)
    {
        header = default;
        if (id >= limit)
        {
            return false;
        }

        var offset = checked((long)id.Value * pageSizeBytes);
        if (!TryWindow(offset, pageSizeBytes))
        {
            return false;
        }

        header = PageHeader.Read(_window.AsSpan((int)(offset - _windowStart)));
        return header.OverflowPages < limit.Value - id.Value;
    }

    /// <summary>Reads a page with its overflow pages.</summary>
    /// <param name="id">Which page.</param>
    /// <param name="page">All its bytes, valid until the next call.</param>
    /// <returns>False when the overflow, or the file's end, cuts the page off.</returns>
    public bool TryRead(PageId id, out ReadOnlySpan<byte> page)
    {
        page = default;
        if (!TryReadHeader(id, out var header))
        {
            return false;
        }

        var offset = (long)id.Value * pageSizeBytes;
        var length = (header.OverflowPages + 1L) * pageSizeBytes;
        if (length > PageBytesMax || !TryWindow(offset, (int)length))
        {
            return false;
        }

        page = _window.AsSpan((int)(offset - _windowStart), (int)length);
        return true;
    }

    private bool TryWindow(long offset, int length)
    {
        var end = _windowStart + _windowLength;
        if (offset >= _windowStart && offset + length <= end)
        {
            return true;
        }

        var follows = offset >= _windowStart && offset <= end + JumpBytes;
        var wanted = Math.Max(length, follows ? ReadAheadBytes : JumpBytes);
        if (_window.Length < wanted)
        {
            _window = GC.AllocateUninitializedArray<byte>(Math.Max(wanted, ReadAheadBytes));
        }

        _windowStart = offset;
        _windowLength = 0;
        _windowLength = source.ReadAt(offset, _window.AsSpan(0, wanted));
        return _windowLength >= length;
    }
}
