using System.Buffers.Binary;

namespace Salvor.Formats.Bbolt;

/// <summary>The first 16 bytes of a page.</summary>
/// <remarks>
/// Little-endian: id u64 at 0, flags u16 at 8, element count u16 at 10, overflow u32 at 12. Overflow is the number of
/// further pages that belong to this one; they have no header of their own.
/// </remarks>
/// <param name="Id">The page's own number; 0 for the page image inside an inline bucket.</param>
/// <param name="Kind">What the page holds.</param>
/// <param name="Count">Elements on the page.</param>
/// <param name="OverflowPages">Further pages that the body runs on into.</param>
public readonly record struct PageHeader(PageId Id, PageKind Kind, ushort Count, uint OverflowPages)
{
    public const int SizeBytes = 16;

    /// <summary>A stored freelist of this many ids or more keeps their number in its first slot.</summary>
    public const int CountMax = 0xFFFF;

    public static PageHeader Read(ReadOnlySpan<byte> page) => new(
        new PageId(BinaryPrimitives.ReadUInt64LittleEndian(page)),
        (PageKind)BinaryPrimitives.ReadUInt16LittleEndian(page[8..]),
        BinaryPrimitives.ReadUInt16LittleEndian(page[10..]),
        BinaryPrimitives.ReadUInt32LittleEndian(page[12..]));

    public void Write(Span<byte> page)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(page, Id.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(page[8..], (ushort)Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(page[10..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(page[12..], OverflowPages);
    }
}
