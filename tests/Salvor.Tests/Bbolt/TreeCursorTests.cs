using System.Buffers.Binary;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Tests.Support;

namespace Salvor.Tests.Bbolt;

/// <summary>A tree of one branch over several leaves, broken in one way at a time.</summary>
public sealed class TreeCursorTests
{
    private const int PageSizeBytes = 1024;

    private readonly byte[] _image = Make();
    private readonly List<TreeFault> _faults = [];

    [Fact]
    public void Whole_tree_has_no_fault()
    {
        Assert.Equal(100, Walk());
        Assert.Empty(_faults);
    }

    [Fact]
    public void Child_that_is_referred_to_twice_is_read_once()
    {
        Child(1, Child(0));

        Expect("bbolt.page.shared");
    }

    [Fact]
    public void Branch_that_leads_to_itself_ends_the_walk_there()
    {
        Child(2, Branch);

        Expect("bbolt.page.shared");
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(1000UL)]
    [InlineData(ulong.MaxValue)]
    public void Child_outside_the_file_is_lost_alone(ulong id)
    {
        Child(1, new PageId(id));

        Expect("bbolt.page.range");
        Assert.True(Walk() > 50);
    }

    [Fact]
    public void Page_that_names_itself_otherwise_is_lost_with_its_range()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Page(Child(1)), 77);

        Expect("bbolt.page.id");
        Assert.Equal(KeyOf(1), _faults[0].LowerBound);
        Assert.Equal(KeyOf(2), _faults[0].UpperBound);
    }

    [Theory]
    [InlineData(0)]
    [InlineData((int)PageKind.Meta)]
    [InlineData((int)PageKind.Freelist)]
    [InlineData(3)]
    public void Page_of_a_wrong_kind_is_lost(int kind)
    {
        Page(Child(1))[8] = (byte)kind;

        Expect("bbolt.page.kind");
    }

    [Fact]
    public void Overflow_beyond_the_file_is_refused()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Page(Child(1))[12..], uint.MaxValue);

        Expect("bbolt.page.range");
    }

    [Fact]
    public void Count_beyond_the_page_is_refused()
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Page(Child(1))[10..], ushort.MaxValue);

        Expect("bbolt.leaf.count");
    }

    [Theory]
    [InlineData(4, uint.MaxValue, "bbolt.leaf.element")]
    [InlineData(8, 0U, "bbolt.leaf.element")]
    [InlineData(8, 40_000U, "bbolt.leaf.element")]
    [InlineData(12, uint.MaxValue, "bbolt.leaf.element")]
    [InlineData(12, 500U, "bbolt.leaf.overlap")]
    public void Element_beyond_the_page_is_refused(int field, uint value, string code)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Page(Child(1))[(PageHeader.SizeBytes + field)..], value);

        Expect(code);
    }

    [Fact]
    public void Keys_out_of_order_are_refused()
    {
        var page = Page(Child(1));
        var second = page[(PageHeader.SizeBytes + 16)..];
        var key = second[BinaryPrimitives.ReadInt32LittleEndian(second[4..])..];
        key[0] = 0;

        Expect("bbolt.leaf.order");
    }

    [Fact]
    public void Leaf_that_reaches_into_the_next_ones_range_is_refused()
    {
        var page = Page(Child(1));
        var last = page[(PageHeader.SizeBytes + (16 * (BinaryPrimitives.ReadUInt16LittleEndian(page[10..]) - 1)))..];
        last[BinaryPrimitives.ReadInt32LittleEndian(last[4..])] = 0xFF;

        Expect("bbolt.leaf.bounds");
    }

    [Fact]
    public void Empty_leaf_below_a_branch_is_a_fault()
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Page(Child(1))[10..], 0);

        Expect("bbolt.leaf.empty");
    }

    [Fact]
    public void Branch_of_one_child_is_walked_with_a_warning()
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Page(Branch)[10..], 1);

        Assert.True(Walk() > 0);
        Assert.Equal("bbolt.branch.single", _faults[0].Code);
        Assert.False(_faults[0].LosesData);
    }

    [Fact]
    public void Branch_of_no_child_is_lost()
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Page(Branch)[10..], 0);

        Assert.Equal(0, Walk());
        Assert.Equal("bbolt.branch.count", Assert.Single(_faults).Code);
    }

    private PageId Branch { get; } = new(FindBranch(Make()));

    private static ulong FindBranch(byte[] image)
    {
        var pages = Enumerable.Range(0, image.Length / PageSizeBytes);
        return (ulong)pages.Single(p => PageHeader.Read(image.AsSpan(p * PageSizeBytes)).Kind == PageKind.Branch);
    }

    private static byte[] Make()
    {
        var sink = new MemorySink();
        var writer = new BulkWriter(sink, PageSizeBytes, leafPages: 1);
        writer.BeginBucket("b"u8);
        for (var i = 0; i < 100; i++)
        {
            writer.Add([(byte)(i + 1), 5], new byte[20]);
        }

        writer.EndBucket();
        writer.Finish();
        return sink.ToArray();
    }

    private Span<byte> Page(PageId id) => _image.AsSpan((int)id.Value * PageSizeBytes, PageSizeBytes);

    private Span<byte> Element(int index) => Page(Branch)[(PageHeader.SizeBytes + (16 * index))..];

    private PageId Child(int index) => new(BinaryPrimitives.ReadUInt64LittleEndian(Element(index)[8..]));

    private void Child(int index, PageId id) => BinaryPrimitives.WriteUInt64LittleEndian(Element(index)[8..], id.Value);

    private byte[] KeyOf(int index) => Element(index).Slice(BinaryPrimitives.ReadInt32LittleEndian(Element(index)), 2)
        .ToArray();

    private void Expect(string code)
    {
        Walk();
        Assert.Contains(_faults, f => f.Code == code && f.IsPageLost);
        _faults.RemoveAll(f => f.Code != code);
    }

    private int Walk()
    {
        var limit = new PageId((ulong)(_image.Length / PageSizeBytes));
        var cursor =
            new TreeCursor(new PageReader(new MemoryByteSource("image", _image), PageSizeBytes, limit), PageSizeBytes,
            Branch, new PageClaims(limit), _faults.Add);
        var count = 0;
        while (cursor.TryNextLeaf(out var leaf))
        {
            count += leaf.Count;
        }

        return count;
    }
}
