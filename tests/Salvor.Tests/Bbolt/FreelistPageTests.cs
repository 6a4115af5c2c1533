using System.Buffers.Binary;
using Salvor.Formats.Bbolt;

namespace Salvor.Tests.Bbolt;

public sealed class FreelistPageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(509)]
    [InlineData(65_534)]
    [InlineData(65_535)]
    [InlineData(70_000)]
    public void Ids_are_read_in_both_forms(int count)
    {
        var page = Write(count, spareIds: 3);

        Assert.True(FreelistPage.TryRead(page, out var freelist));
        Assert.Equal(count, freelist.Count);
        for (var i = 0; i < count; i += 997)
        {
            Assert.Equal(new PageId((ulong)i + 3), freelist[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_534)]
    [InlineData(65_535)]
    public void Count_beyond_the_page_is_refused(int count)
    {
        var page = Write(count, spareIds: 0);

        Assert.False(FreelistPage.TryRead(page.AsSpan(0, page.Length - 1), out _));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x8000_0000_0000_0000)]
    [InlineData(0x1_0000_0000)]
    public void Counts_that_would_overflow_are_refused(ulong count)
    {
        var page = Write(65_535, spareIds: 0);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(PageHeader.SizeBytes), count);

        Assert.False(FreelistPage.TryRead(page, out _));
    }

    [Fact]
    public void Page_of_another_kind_is_refused()
    {
        var page = Write(1, spareIds: 0);
        page[8] = (byte)PageKind.Leaf;

        Assert.False(FreelistPage.TryRead(page, out _));
    }

    private static byte[] Write(int count, int spareIds)
    {
        var isLong = count >= PageHeader.CountMax;
        var page = new byte[PageHeader.SizeBytes + (8 * (count + spareIds + (isLong ? 1 : 0)))];
        new PageHeader(new PageId(2), PageKind.Freelist, (ushort)Math.Min(count, PageHeader.CountMax), 0).Write(page);
        var body = page.AsSpan(PageHeader.SizeBytes);
        if (isLong)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(body, (ulong)count);
            body = body[8..];
        }

        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(body[(8 * i)..], (ulong)i + 3);
        }

        return page;
    }
}
