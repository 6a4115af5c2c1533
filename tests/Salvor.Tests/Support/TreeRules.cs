using System.Buffers.Binary;
using Salvor.Formats.Bbolt;

namespace Salvor.Tests.Support;

/// <summary>
/// Holds an image against every rule that bbolt's writers keep, by reading of its own, and returns what is in it.
/// </summary>
/// <remarks>
/// Also the rules that bbolt's check does not test: a branch key is exactly its child's first key, a branch has two
/// children or more, all leaves of a bucket lie at one depth, no leaf below a branch is empty, and data lies without
/// gaps.
/// </remarks>
internal sealed class TreeRules
{
    private readonly byte[] _image;
    private readonly Meta _meta;
    private readonly HashSet<ulong> _used = [0, 1, 2];

    private TreeRules(byte[] image, Meta meta)
    {
        _image = image;
        _meta = meta;
    }

    /// <summary>The elements of each bucket, by its name as text.</summary>
    public static Dictionary<string, List<(byte[] Key, byte[] Value)>> Check(byte[] image)
    {
        Assert.Equal(MetaFault.None, Meta.Read(image, out var first));
        Assert.Equal(MetaFault.None, Meta.Read(image.AsSpan(first.PageSizeBytes), out var second));
        Assert.Equal(first with { TransactionId = 1 }, second);
        Assert.Equal(first.ImageBytes, image.Length);
        var rules = new TreeRules(image, second);
        var freelist = PageHeader.Read(image.AsSpan(2 * first.PageSizeBytes));
        Assert.Equal(new PageHeader(new PageId(2), PageKind.Freelist, 0, 0), freelist);
        var buckets = rules.Tree(second.Root, expectsBuckets: true)
            .ToDictionary(e => System.Text.Encoding.UTF8.GetString(e.Key), rules.Bucket);
        Assert.Equal(second.HighWaterMark.Value, (ulong)rules._used.Count);
        return buckets;
    }

    private List<(byte[] Key, byte[] Value)> Bucket((byte[] Key, byte[] Value) element)
    {
        var root = BinaryPrimitives.ReadUInt64LittleEndian(element.Value);
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(element.Value.AsSpan(8)));
        if (root != 0)
        {
            Assert.Equal(16, element.Value.Length);
            return Tree(new PageId(root), expectsBuckets: false);
        }

        var page = element.Value.AsSpan(16);
        Assert.InRange(page.Length, 16, _meta.PageSizeBytes / 4);
        Assert.Equal(new PageId(0), PageHeader.Read(page).Id);
        return Leaf(page, expectsBuckets: false, end: out _);
    }

    private List<(byte[] Key, byte[] Value)> Tree(PageId root, bool expectsBuckets)
    {
        var depths = new HashSet<int>();
        var elements = new List<(byte[] Key, byte[] Value)>();
        Visit(root, 0, elements, depths, expectsBuckets);
        Assert.Single(depths);
        for (var i = 1; i < elements.Count; i++)
        {
            Assert.True(elements[i].Key.AsSpan().SequenceCompareTo(elements[i - 1].Key) > 0);
        }

        return elements;
    }

    /// <summary>Returns the first key of the page.</summary>
    private byte[]? Visit(PageId id, int depth, List<(byte[] Key, byte[] Value)> elements, HashSet<int> depths,
        bool expectsBuckets)
    {
        var start = (int)id.Value * _meta.PageSizeBytes;
        var header = PageHeader.Read(_image.AsSpan(start));
        Assert.Equal(id, header.Id);
        for (var page = id.Value; page <= id.Value + header.OverflowPages; page++)
        {
            Assert.True(_used.Add(page));
        }

        var bytes = _image.AsSpan(start, ((int)header.OverflowPages + 1) * _meta.PageSizeBytes);
        if (header.Kind == PageKind.Leaf)
        {
            depths.Add(depth);
            var leaf = Leaf(bytes, expectsBuckets, out var end);
            Assert.True(leaf.Count > 0 || depth == 0);
            Assert.True(bytes.Length - end < _meta.PageSizeBytes, "a page of the leaf holds nothing");
            elements.AddRange(leaf);
            return leaf.Count > 0 ? leaf[0].Key : null;
        }

        Assert.Equal(PageKind.Branch, header.Kind);
        Assert.InRange(header.Count, 2, 65534);
        byte[]? first = null;
        foreach (var (key, child) in Branch(bytes))
        {
            Assert.Equal(key, Visit(child, depth + 1, elements, depths, expectsBuckets));
            first ??= key;
        }

        return first;
    }

    private static List<(byte[] Key, byte[] Value)> Leaf(ReadOnlySpan<byte> page, bool expectsBuckets, out int end)
    {
        var elements = new List<(byte[] Key, byte[] Value)>();
        var count = BinaryPrimitives.ReadUInt16LittleEndian(page[10..]);
        end = 16 + (16 * count);
        for (var i = 0; i < count; i++)
        {
            var header = page.Slice(16 + (16 * i), 16);
            Assert.Equal(expectsBuckets ? 1 : 0, BinaryPrimitives.ReadInt32LittleEndian(header));
            Assert.Equal(end, 16 + (16 * i) + BinaryPrimitives.ReadInt32LittleEndian(header[4..]));
            var keyEnd = end + BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            var valueEnd = keyEnd + BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
            elements.Add((page[end..keyEnd].ToArray(), page[keyEnd..valueEnd].ToArray()));
            end = valueEnd;
        }

        return elements;
    }

    private static List<(byte[] Key, PageId Child)> Branch(ReadOnlySpan<byte> page)
    {
        var children = new List<(byte[] Key, PageId Child)>();
        var count = BinaryPrimitives.ReadUInt16LittleEndian(page[10..]);
        var end = 16 + (16 * count);
        for (var i = 0; i < count; i++)
        {
            var header = page.Slice(16 + (16 * i), 16);
            Assert.Equal(end, 16 + (16 * i) + BinaryPrimitives.ReadInt32LittleEndian(header));
            var keyEnd = end + BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            children.Add(
                (page[end..keyEnd].ToArray(), new PageId(BinaryPrimitives.ReadUInt64LittleEndian(header[8..]))));
            end = keyEnd;
        }

        return children;
    }
}
