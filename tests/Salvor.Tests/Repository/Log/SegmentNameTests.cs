using Salvor.Repository.Log;

namespace Salvor.Tests.Repository.Log;

public sealed class SegmentNameTests
{
    private const string Text = "00000000000000000120-00000000000000000180-0193a0b1c2d3deadbeef";

    [Fact]
    public void A_name_is_written_as_it_is_read()
    {
        Assert.True(SegmentName.TryParse(Text, out var name));
        Assert.Equal((120, 180, "0193a0b1c2d3deadbeef"), (name.First, name.Last, name.Id));
        Assert.Equal(Text, name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("begin")]
    [InlineData("00000000000000000120-00000000000000000180-0193a0b1c2d3deadbee")]
    [InlineData("00000000000000000120-00000000000000000180-0193a0b1c2d3deadbeeg")]
    [InlineData("00000000000000000120-00000000000000000180-0193A0B1C2D3DEADBEEF")]
    [InlineData("00000000000000000180-00000000000000000120-0193a0b1c2d3deadbeef")]
    [InlineData("00000000000000000000-00000000000000000120-0193a0b1c2d3deadbeef")]
    [InlineData("00000000000000000120_00000000000000000180-0193a0b1c2d3deadbeef")]
    [InlineData("0000000000000000 120-00000000000000000180-0193a0b1c2d3deadbeef")]
    [InlineData("-0000000000000000120-00000000000000000180-0193a0b1c2d3deadbeef")]
    [InlineData("00000000000000000001-09223372036854775807-0193a0b1c2d3deadbeef")]
    [InlineData("00000000000000000001-99999999999999999999-0193a0b1c2d3deadbeef")]
    public void What_is_no_segments_name_is_not_taken_for_one(string text) =>
        Assert.False(SegmentName.TryParse(text, out _));

    [Fact]
    public void Names_sort_as_their_ranges_do()
    {
        var random = new Random(5);
        var names = Enumerable.Range(0, 200).Select(_ =>
        {
            var first = random.NextInt64(1, 1L << random.Next(1, 60));
            return new SegmentName(first, first + random.Next(50), $"{random.NextInt64():x20}");
        }).ToList();

        Assert.Equal(
            names.Order().Select(n => n.ToString()),
            names.Select(n => n.ToString()).Order(StringComparer.Ordinal));
    }
}
