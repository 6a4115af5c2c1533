using Salvor.Formats;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Tests.Support;

namespace Salvor.Tests.Issues;

/// <summary>
/// With the first meta page lost, a good meta page at 4,096 that belongs to a file of smaller pages was taken for the
/// second one, of page size 0.
/// </summary>
public sealed class MetaOfAnotherPageSizeTests
{
    [Fact]
    public void Meta_page_at_the_wrong_place_is_not_used()
    {
        var image = new EtcdDatabase { PageSizeBytes = 1024 }.Put(2, 0, "a", new byte[9000], 2, 1).ToImage();
        image.AsSpan(1024, 80).CopyTo(image.AsSpan(4096));
        image.AsSpan(0, 2048).Clear();

        var metas = MetaPair.Read(new MemoryByteSource("image", image));

        Assert.Null(metas.Newest);
        Assert.Equal(MetaFault.Field, metas.SecondFault);
        Assert.Throws<CorruptDataException>(() => BboltImage.OpenDamaged(new MemoryByteSource("image", image)));
    }
}
