using System.Buffers.Binary;

namespace Salvor.Formats.Bbolt;

/// <summary>A view of a leaf page with its overflow pages.</summary>
/// <remarks>
/// Element headers of 16 bytes follow the page header: flags u32 (1 = the value is a bucket), pos u32, key size u32,
/// value
/// size u32. pos counts from the element header's own start to its key; the value follows the key. Nothing is trusted:
/// <see cref="TryRead"/> bounds each element before it shows it.
/// </remarks>
public readonly ref struct LeafPage(ReadOnlySpan<byte> page)
{
    public const int ElementHeaderBytes = 16;
    public const int KeyBytesMax = 32768;

    private readonly ReadOnlySpan<byte> _page = page;

    public int Count { get; } = BinaryPrimitives.ReadUInt16LittleEndian(page[10..]);

    /// <summary>Whether the element headers themselves fit on the page.</summary>
    public bool HeadersFit => PageHeader.SizeBytes + (Count * ElementHeaderBytes) <= _page.Length;

    /// <summary>
    /// Bytes that keys and values can take together. Elements that claim more overlap, which bbolt never writes; it
    /// would also let a small page stand for a flood of data.
    /// </summary>
    public int DataBytesMax => _page.Length - PageHeader.SizeBytes - (Count * ElementHeaderBytes);

    /// <summary>Shows element <paramref name="index"/>.</summary>
    /// <returns>False when it reaches past the page, or its key is empty or too long.</returns>
    public bool TryRead(int index, out LeafElement element)
    {
        var start = PageHeader.SizeBytes + (index * ElementHeaderBytes);
        var header = _page.Slice(start, ElementHeaderBytes);
        var position = start + (long)BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        var keyBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        var valueBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (keyBytes is 0 or > KeyBytesMax || position + keyBytes + valueBytes > _page.Length)
        {
            element = default;
            return false;
        }

        var isBucket = (BinaryPrimitives.ReadUInt32LittleEndian(header) & 1) != 0;
        element = new LeafElement(_page.Slice((int)position, (int)keyBytes),
            _page.Slice((int)(position + keyBytes), (int)valueBytes), isBucket);
        return true;
    }
}
