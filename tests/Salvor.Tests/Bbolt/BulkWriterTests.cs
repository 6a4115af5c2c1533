using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Tests.Support;

namespace Salvor.Tests.Bbolt;

public sealed class BulkWriterTests
{
    private static readonly int[] LeafPages = [1, 2, 16, 64, 256];

    [Fact]
    public void Random_content_is_read_back_and_every_tree_keeps_the_rules()
    {
        var seeds = TestLevel.Choose(fast: 40, normal: 150, full: 2000);
        for (var seed = 1; seed <= seeds; seed++)
        {
            try
            {
                var random = new Random(seed);
                var pageSize = 1024 << random.Next(7);
                RoundTrip(Content(random), pageSize, LeafPages[random.Next(LeafPages.Length)]);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
        }
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Bucket_is_inline_up_to_a_quarter_of_a_page(int beyond, bool isInline)
    {
        // 16 for the page header, 16 for the element's, 1 for the key.
        var value = new byte[1024 - 33 + beyond];
        var image = RoundTrip(One("k"u8.ToArray(), value), pageSizeBytes: 4096, leafPages: 1);

        Assert.Equal(isInline, Assert.Single(Buckets(image)).IsInline);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void Leaf_is_filled_to_its_limit_and_no_further(int beyond, int leaves)
    {
        // Two elements that take a page of 4,096 bytes together, give or take one.
        List<(byte[], byte[])> entries =
        [
            ("a"u8.ToArray(), new byte[2000]),
            ("b"u8.ToArray(), new byte[4096 - 16 - (2 * 17) - 2000 + beyond]),
        ];
        var image = RoundTrip(new() { ["b"] = entries }, pageSizeBytes: 4096, leafPages: 1);

        Assert.Equal(leaves, Leaves(image));
    }

    [Theory]
    [InlineData(1024, 1)]
    [InlineData(4096, 256)]
    [InlineData(65536, 16)]
    public void Values_of_megabytes_and_longest_keys_are_read_back(int pageSizeBytes, int leafPages)
    {
        var content = new Dictionary<string, List<(byte[], byte[])>> { ["large"] = [] };
        for (byte i = 1; i < 8; i++)
        {
            var key = new byte[LeafPage.KeyBytesMax];
            key.AsSpan().Fill(i);
            content["large"].Add((key, new byte[i % 3 == 0 ? 2 << 20 : i]));
        }

        RoundTrip(content, pageSizeBytes, leafPages);
    }

    [Fact]
    public void Last_child_of_long_keys_joins_the_branch_before_it()
    {
        // A branch page holds two keys of this length and no more: three children can't be two and one.
        for (var children = 2; children < 12; children++)
        {
            var entries = Enumerable.Range(1, children)
                .Select(i => (Enumerable.Repeat((byte)i, 700).ToArray(), new byte[300])).ToList();
            RoundTrip(new() { ["b"] = entries }, pageSizeBytes: 1024, leafPages: 1);
        }
    }

    [Fact]
    public void Trees_of_many_levels_are_read_back()
    {
        var entries = Enumerable.Range(0, 20_000)
            .Select(i => (System.Text.Encoding.ASCII.GetBytes($"/key/{i:d8}"), new byte[i % 90])).ToList();

        RoundTrip(new() { ["deep"] = entries, ["empty"] = [] }, pageSizeBytes: 1024, leafPages: 1);
    }

    [Fact]
    public void Leaf_holds_no_more_elements_than_its_header_can_say()
    {
        var entries = Enumerable.Range(0, 70_000).Select(i => (BitConverter.GetBytes(
            System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(i)), Array.Empty<byte>())).ToList();
        var image = RoundTrip(new() { ["b"] = entries }, pageSizeBytes: 65536, leafPages: 256);

        Assert.Equal(2, Leaves(image));
    }

    [Fact]
    public void Keys_and_buckets_out_of_order_are_refused()
    {
        var writer = new BulkWriter(new MemorySink(), 4096, 1);
        writer.BeginBucket("b"u8);
        writer.Add("k"u8, "v"u8);

        Assert.Throws<InvalidOperationException>(() => writer.Add("k"u8, "v"u8));
        Assert.Throws<InvalidOperationException>(() => writer.Add("j"u8, "v"u8));
        Assert.Throws<InvalidOperationException>(() => writer.Add(default, "v"u8));
        Assert.Throws<InvalidOperationException>(() => writer.Add(new byte[LeafPage.KeyBytesMax + 1], "v"u8));
        writer.EndBucket();
        Assert.Throws<InvalidOperationException>(() => writer.BeginBucket("a"u8));
    }

    [Theory]
    [InlineData(512, 1)]
    [InlineData(5000, 1)]
    [InlineData(4096, 0)]
    [InlineData(4096, 257)]
    public void Sizes_that_bbolt_does_not_know_are_refused(int pageSizeBytes, int leafPages) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BulkWriter(new MemorySink(), pageSizeBytes, leafPages));

    private static Dictionary<string, List<(byte[], byte[])>> One(byte[] key, byte[] value) =>
        new() { ["b"] = [(key, value)] };

    private static Dictionary<string, List<(byte[], byte[])>> Content(Random random)
    {
        var content = new Dictionary<string, List<(byte[], byte[])>>();
        for (var buckets = random.Next(6); buckets > 0; buckets--)
        {
            var count = random.Next(4) switch
            {
                0 => random.Next(3),
                1 => random.Next(20),
                2 => random.Next(300),
                _ =>
                random.Next(2000)
            };
            var keyBytesMax = random.Next(12) == 0 ? 3000 : 40;
            var valueBytesMax = count > 300 ? 200 : random.Next(8) == 0 ? 20_000 : 900;
            var entries = new SortedDictionary<byte[], byte[]>(ByteOrder.Instance);
            for (var i = 0; i < count; i++)
            {
                var key = new byte[random.Next(1, keyBytesMax)];
                random.NextBytes(key);
                entries[key] = new byte[random.Next(valueBytesMax)];
                random.NextBytes(entries[key]);
            }

            content[$"bucket {buckets}"] = [.. entries.Select(e => (e.Key, e.Value))];
        }

        return content;
    }

    private static byte[] RoundTrip(Dictionary<string, List<(byte[] Key, byte[] Value)>> content, int pageSizeBytes,
        int leafPages)
    {
        var sink = new MemorySink();
        var writer = new BulkWriter(sink, pageSizeBytes, leafPages);
        foreach (var (name, entries) in content.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            writer.BeginBucket(System.Text.Encoding.UTF8.GetBytes(name));
            entries.ForEach(e => writer.Add(e.Key, e.Value));
            writer.EndBucket();
        }

        var meta = writer.Finish();
        var image = sink.ToArray();
        Assert.Equal(meta, BboltImage.Open(new MemoryByteSource("image", image)).Meta);
        Assert.Equal(writer.SizeBytes, image.Length);
        var found = TreeRules.Check(image);
        Assert.Equal(content.Keys.Order(), found.Keys.Order());
        foreach (var bucket in Buckets(image))
        {
            AssertSame(content[bucket.NameText], found[bucket.NameText]);
            AssertSame(content[bucket.NameText], Read(image, bucket));
        }

        return image;
    }

    private static void AssertSame(List<(byte[] Key, byte[] Value)> expected, List<(byte[] Key, byte[] Value)> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.True(expected[i].Key.AsSpan().SequenceEqual(actual[i].Key));
            Assert.True(expected[i].Value.AsSpan().SequenceEqual(actual[i].Value));
        }
    }

    private static IReadOnlyList<Bucket> Buckets(byte[] image)
    {
        var view = BboltImage.Open(new MemoryByteSource("image", image));
        return view.ReadBuckets(Fail);
    }

    private static List<(byte[] Key, byte[] Value)> Read(byte[] image, Bucket bucket)
    {
        var elements = new List<(byte[] Key, byte[] Value)>();
        BboltImage.Open(new MemoryByteSource("image", image))
            .Visit(bucket, Fail, e => elements.Add((e.Key.ToArray(), e.Value.ToArray())));
        return elements;
    }

    private static int Leaves(byte[] image)
    {
        var view = BboltImage.Open(new MemoryByteSource("image", image));
        var cursor = view.Walk(Assert.Single(view.ReadBuckets(Fail)), Fail);
        var leaves = 0;
        while (cursor.TryNextLeaf(out _))
        {
            leaves++;
        }

        return leaves;
    }

    private static void Fail(TreeFault fault) => Assert.Fail(fault.Message);
}
