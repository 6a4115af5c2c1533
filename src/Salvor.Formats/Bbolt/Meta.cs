using System.Buffers.Binary;
using System.Numerics;
using Salvor.Formats.Checksums;

namespace Salvor.Formats.Bbolt;

/// <summary>The body of one of the two meta pages (ids 0 and 1), which say where everything else is.</summary>
/// <remarks>
/// Layout after the page header, little-endian: magic u32 at 0, version u32 at 4, page size u32 at 8, flags u32 at 12,
/// root page u64 at 16, root sequence u64 at 24, freelist page u64 at 32, high-water mark u64 at 40, transaction id u64
/// at
/// 48, FNV-1a 64 over the bytes before it at 56. bbolt writes transaction T's meta to page T mod 2, after everything
/// that it
/// points to is on disk: the file is always as of the valid meta with the higher id. (A snapshot sent by etcd does not
/// keep
/// the parity, so nobody may infer the page from it.)
/// </remarks>
/// <param name="PageSizeBytes">Bytes per page: the creating machine's, 4096 nearly everywhere.</param>
/// <param name="Root">The root bucket's root page.</param>
/// <param name="Freelist">The page that lists free pages, or <see cref="PageId.None"/>.</param>
/// <param name="HighWaterMark">The first page id never used: the image is this many pages long.</param>
/// <param name="TransactionId">Counts commits.</param>
public readonly record struct Meta(
    int PageSizeBytes,
    PageId Root,
    PageId Freelist,
    PageId HighWaterMark,
    ulong TransactionId)
{
    public const int SizeBytes = 64;
    public const int PageSizeMin = 1024;
    public const int PageSizeMax = 1024 << 14;

    private const uint Magic = 0xED0C_DAED;
    private const uint Version = 2;
    private const int ChecksumOffset = 56;

    /// <summary>Bytes of the image that this meta describes.</summary>
    /// <remarks>Can't overflow: <see cref="Read"/> bounds both factors.</remarks>
    public long ImageBytes => (long)HighWaterMark.Value * PageSizeBytes;

    /// <summary>Reads a whole meta page, header included.</summary>
    public static MetaFault Read(ReadOnlySpan<byte> page, out Meta meta)
    {
        meta = default;
        if (page.Length < PageHeader.SizeBytes + SizeBytes)
        {
            return MetaFault.TooShort;
        }

        var body = page.Slice(PageHeader.SizeBytes, SizeBytes);
        if (BinaryPrimitives.ReadUInt32LittleEndian(body) != Magic)
        {
            return MetaFault.Magic;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(body[4..]) != Version)
        {
            return MetaFault.Version;
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(body[ChecksumOffset..]) != Fnv1a64.Compute(body[..ChecksumOffset]))
        {
            return MetaFault.Checksum;
        }

        var pageSize = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]);
        var root = new PageId(BinaryPrimitives.ReadUInt64LittleEndian(body[16..]));
        var highWaterMark = new PageId(BinaryPrimitives.ReadUInt64LittleEndian(body[40..]));
        var isSane = pageSize is >= PageSizeMin and <= PageSizeMax && BitOperations.IsPow2(pageSize)
            && highWaterMark.Value is > 3 and < ulong.MaxValue / PageSizeMax / 2
            && root.Value >= 2 && root < highWaterMark;
        if (!isSane)
        {
            return MetaFault.Field;
        }

        meta = new Meta((int)pageSize, root, new PageId(BinaryPrimitives.ReadUInt64LittleEndian(body[32..])),
            highWaterMark, BinaryPrimitives.ReadUInt64LittleEndian(body[48..]));
        return MetaFault.None;
    }

    /// <summary>Writes a whole meta page; the rest of the page is the caller's zeros.</summary>
    public void Write(Span<byte> page, PageId id)
    {
        new PageHeader(id, PageKind.Meta, Count: 0, OverflowPages: 0).Write(page);
        var body = page.Slice(PageHeader.SizeBytes, SizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(body, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(body[8..], (uint)PageSizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(body[16..], Root.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[24..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(body[32..], Freelist.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[40..], HighWaterMark.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(body[48..], TransactionId);
        BinaryPrimitives.WriteUInt64LittleEndian(body[ChecksumOffset..], Fnv1a64.Compute(body[..ChecksumOffset]));
    }
}
