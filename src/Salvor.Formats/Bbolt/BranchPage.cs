using System.Buffers.Binary;

namespace Salvor.Formats.Bbolt;

/// <summary>A view of a branch page with its overflow pages.</summary>
/// <remarks>
/// Element headers of 16 bytes follow the page header: pos u32 (from the element header's own start to its key), key
/// size
/// u32, child page u64. The key is exactly the first key of the child.
/// </remarks>
public readonly ref struct BranchPage(ReadOnlySpan<byte> page)
{
    public const int ElementHeaderBytes = 16;

    private readonly ReadOnlySpan<byte> _page = page;

    public int Count { get; } = BinaryPrimitives.ReadUInt16LittleEndian(page[10..]);

    public bool HeadersFit => PageHeader.SizeBytes + (Count * ElementHeaderBytes) <= _page.Length;

    /// <summary>
    /// Bytes that the keys can take together; more would mean that they overlap, which bbolt never writes.
    /// </summary>
    public int DataBytesMax => _page.Length - PageHeader.SizeBytes - (Count * ElementHeaderBytes);

    /// <summary>Shows element <paramref name="index"/>.</summary>
    /// <returns>False when it reaches past the page.</returns>
    public bool TryRead(int index, out ReadOnlySpan<byte> key, out PageId child)
    {
        var start = PageHeader.SizeBytes + (index * ElementHeaderBytes);
        var header = _page.Slice(start, ElementHeaderBytes);
        var position = start + (long)BinaryPrimitives.ReadUInt32LittleEndian(header);
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        child = new PageId(BinaryPrimitives.ReadUInt64LittleEndian(header[8..]));
        if (position + keyBytes > _page.Length)
        {
            key = default;
            return false;
        }

        key = _page.Slice((int)position, (int)keyBytes);
        return true;
    }
}
