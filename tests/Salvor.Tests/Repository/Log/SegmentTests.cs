using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Tests.Repository.Log;

public sealed class SegmentTests
{
    /// <summary>The worked example of docs/formats/repository.md, byte for byte.</summary>
    private const string Example =
        "1415" + "80fcc18aec32" + "328c3a4e1918f8cd" + "4d696421c5059e8e" + "2a02"
        + "0107000000000000003c"
        + "0002" + "000e0a01611014181420012a01763007" + "01030a0162"
        + "0a0101030a0161";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_is_written_is_read_again(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var sample = SegmentSample.Random(random);
            Assert.Equal(sample.Show(), SegmentSample.Read(sample.Name, sample.Content).Show());
        }
    }

    [Fact]
    public void A_writer_that_is_used_again_writes_the_same_bytes_as_a_new_one()
    {
        var writer = new SegmentWriter();
        var first = SegmentSample.Random(new Random(1), writer);
        var second = SegmentSample.Random(new Random(2), writer);

        Assert.Equal(SegmentSample.Random(new Random(1)).Content, first.Content);
        Assert.Equal(SegmentSample.Random(new Random(2)).Content, second.Content);
    }

    [Fact]
    public void The_worked_example_of_the_format_is_what_is_written()
    {
        var writer = new SegmentWriter();
        var start = DateTimeOffset.FromUnixTimeMilliseconds(1_747_000_000_000);
        writer.AddChange(ChangeKind.Put, Convert.FromHexString("0a01611014181420012a01763007"));
        writer.AddChange(ChangeKind.Delete, Convert.FromHexString("0a0162"));
        writer.CompleteRevision(20, start);
        writer.AddChange(ChangeKind.Delete, Convert.FromHexString("0a0161"));
        writer.CompleteRevision(21, start.AddMilliseconds(10));
        using var content = writer.Finish(
            new SegmentOrigin(0xcdf818194e3a8c32, 0x8e9e05c52164694d, 42, 2), [new SegmentLease(7, 60)]);

        Assert.Equal(Example, Convert.ToHexStringLower(content.Bytes.Span));
    }

    [Fact]
    public void A_clock_that_goes_back_counts_as_one_that_stands_still()
    {
        var writer = new SegmentWriter();
        writer.AddChange(ChangeKind.Put, [1]);
        writer.CompleteRevision(5, DateTimeOffset.FromUnixTimeMilliseconds(1000));
        writer.AddChange(ChangeKind.Put, [2]);
        writer.CompleteRevision(6, DateTimeOffset.FromUnixTimeMilliseconds(400));
        writer.AddChange(ChangeKind.Put, [3]);
        writer.CompleteRevision(7, DateTimeOffset.FromUnixTimeMilliseconds(1001));
        using var content = writer.Finish(default, []);

        var reader = new SegmentReader("test", SegmentSample.NameOf(5, 7), content.Bytes);
        var times = new List<long>();
        while (reader.TryReadRevision())
        {
            times.Add(reader.Time.ToUnixTimeMilliseconds());
        }

        Assert.Equal([1000, 1000, 1001], times);
    }

    [Fact]
    public void Revisions_that_do_not_follow_each_other_are_not_written()
    {
        var writer = new SegmentWriter();
        writer.AddChange(ChangeKind.Put, [1]);
        writer.CompleteRevision(5, DateTimeOffset.UnixEpoch);
        writer.AddChange(ChangeKind.Put, [1]);

        Assert.Throws<InvalidOperationException>(() => writer.CompleteRevision(7, DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Content_under_a_name_of_another_range_is_refused()
    {
        var sample = SegmentSample.Random(new Random(7));
        var other = new SegmentName(sample.Name.First, sample.Name.Last + 1, sample.Name.Id);

        var failure = Assert.Throws<CorruptDataException>(() => SegmentSample.Read(other, sample.Content));

        Assert.Contains("its name says", failure.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_content_that_is_cut_short_or_longer_is_refused()
    {
        var sample = SegmentSample.Random(new Random(3));
        for (var length = 0; length < sample.Content.Length; length++)
        {
            Assert.Throws<CorruptDataException>(() => SegmentSample.Read(sample.Name, sample.Content[..length]));
        }

        Assert.Throws<CorruptDataException>(() => SegmentSample.Read(sample.Name, [.. sample.Content, 0]));
    }
}
