using Salvor.Formats;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Tests.Support;

namespace Salvor.Tests.Bbolt;

public sealed class MetaPairTests
{
    [Theory]
    [InlineData(7UL, 8UL, 8UL)]
    [InlineData(8UL, 7UL, 8UL)]
    [InlineData(15UL, 14UL, 15UL)] // As in a snapshot that etcd sends: the parity of pages is not kept.
    [InlineData(5UL, 5UL, 5UL)]
    [InlineData(ulong.MaxValue, 0UL, ulong.MaxValue)]
    public void Valid_meta_with_the_higher_transaction_wins(ulong first, ulong second, ulong expected)
    {
        var metas = MetaPair.Read(Source(Image(4096, first, second)));

        Assert.Equal(expected, metas.Newest!.Value.TransactionId);
        Assert.Equal(Math.Min(first, second), metas.Older!.Value.TransactionId);
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(65536)]
    [InlineData(16 << 20)]
    public void Page_size_is_found_when_the_first_meta_is_lost(int pageSizeBytes)
    {
        var image = Image(pageSizeBytes, 7, 8);
        image.AsSpan(0, Math.Min(pageSizeBytes, 4096)).Fill(0xA5);

        var metas = MetaPair.Read(Source(image));

        Assert.Equal(MetaFault.Magic, metas.FirstFault);
        Assert.Equal((pageSizeBytes, 8UL), (metas.PageSizeBytes, metas.Newest!.Value.TransactionId));
    }

    [Fact]
    public void Either_meta_may_have_any_byte_damaged()
    {
        var whole = Image(1024, 7, 8);
        for (var i = 0; i < PageHeader.SizeBytes + Meta.SizeBytes; i++)
        {
            foreach (var page in (int[])[0, 1])
            {
                var image = whole.ToArray();
                image[(page * 1024) + i] ^= 0x10;
                var metas = MetaPair.Read(Source(image));

                // The page header is not covered by the sum, and bbolt does not ask it either.
                var expected = i < PageHeader.SizeBytes || page == 0 ? 8UL : 7UL;
                Assert.Equal(expected, metas.Newest!.Value.TransactionId);
            }
        }
    }

    [Fact]
    public void Both_metas_lost_is_said_with_both_reasons()
    {
        var image = Image(4096, 7, 8);
        image[16] = 0;
        image[4096 + 16 + 4] = 3;

        var e = Assert.Throws<CorruptDataException>(() => BboltImage.OpenDamaged(Source(image)));

        Assert.Contains("first: Magic, second: Version", e.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void File_shorter_than_its_image_is_cut_short()
    {
        var image = new EtcdDatabase().ToImage();
        var source = Source(image[..^1]);

        Assert.Throws<CorruptDataException>(() => BboltImage.Open(source));
        Assert.True(BboltImage.OpenDamaged(source).IsTruncated);
        Assert.False(BboltImage.Open(Source([.. image, 0])).IsTruncated);
    }

    [Fact]
    public void Files_of_a_few_bytes_have_no_meta()
    {
        for (var length = 0; length < 200; length++)
        {
            Assert.Null(MetaPair.Read(Source(new byte[length])).Newest);
        }
    }

    [Theory]
    [MemberData(nameof(BadFields))]
    public void Fields_that_no_bbolt_writes_are_refused(Meta meta)
    {
        var page = new byte[4096];
        meta.Write(page, new PageId(0));

        Assert.Equal(MetaFault.Field, Meta.Read(page, out _));
    }

    public static TheoryData<Meta> BadFields()
    {
        var good = new Meta(4096, new PageId(3), new PageId(2), new PageId(4), 1);
        return
        [
            good with { PageSizeBytes = 0 }, good with { PageSizeBytes = 512 }, good with { PageSizeBytes = 5000 },
            good with { PageSizeBytes = 32 << 20 }, good with { Root = new PageId(1) },
                good with { Root = new PageId(4) },
            good with { HighWaterMark = new PageId(3) }, good with { HighWaterMark = new PageId(ulong.MaxValue) },
        ];
    }

    private static MemoryByteSource Source(byte[] image) => new("image", image);

    private static byte[] Image(int pageSizeBytes, ulong first, ulong second)
    {
        var image = new byte[2 * pageSizeBytes];
        var meta = new Meta(pageSizeBytes, new PageId(3), PageId.None, new PageId(5), first);
        meta.Write(image, new PageId(0));
        (meta with { TransactionId = second }).Write(image.AsSpan(pageSizeBytes), new PageId(1));
        return image;
    }
}
