using System.Buffers.Binary;
using Salvor.Formats.Bbolt;

namespace Salvor.Tests.Verify;

/// <summary>A good image of several leaves under one branch, with handles to break it by.</summary>
internal sealed class BrokenImage
{
    public const int PageBytes = 4096;

    private Meta _meta;

    public BrokenImage(byte[] image)
    {
        Bytes = image;
        Assert.Equal(MetaFault.None, Meta.Read(image.AsSpan(PageBytes), out _meta));
        Root = (int)_meta.Root.Value;
        Pages = image.Length / PageBytes;
        Branch = Enumerable.Range(3, Pages - 3).Single(p => Kind(p) == PageKind.Branch);
        Leaves = [.. Enumerable.Range(3, Branch - 3).Where(p => Kind(p) == PageKind.Leaf)];
    }

    public byte[] Bytes { get; private set; }

    public int Pages { get; private set; }

    /// <summary>The leaf of the root bucket.</summary>
    public int Root { get; }

    /// <summary>The branch over the key bucket's leaves.</summary>
    public int Branch { get; }

    /// <summary>The key bucket's leaves, in order.</summary>
    public int[] Leaves { get; }

    public Span<byte> Page(int id) => Bytes.AsSpan(id * PageBytes, PageBytes);

    /// <summary>The header of element <paramref name="index"/>, 16 bytes on leaves and branches alike.</summary>
    public Span<byte> Element(int page, int index) => Page(page).Slice(PageHeader.SizeBytes + (index * 16), 16);

    public void SetCount(int page, int count) => BinaryPrimitives.WriteUInt16LittleEndian(Page(page)[10..], (ushort)count);

    public int Count(int page) => BinaryPrimitives.ReadUInt16LittleEndian(Page(page)[10..]);

    /// <summary>The key of a leaf's element.</summary>
    public Span<byte> LeafKey(int page, int index)
    {
        var header = Element(page, index);
        var start = PageHeader.SizeBytes + (index * 16) + (int)BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        return Page(page).Slice(start, (int)BinaryPrimitives.ReadUInt32LittleEndian(header[8..]));
    }

    public Span<byte> BranchKey(int index)
    {
        var header = Element(Branch, index);
        var start = PageHeader.SizeBytes + (index * 16) + (int)BinaryPrimitives.ReadUInt32LittleEndian(header);
        return Page(Branch).Slice(start, (int)BinaryPrimitives.ReadUInt32LittleEndian(header[4..]));
    }

    public void SetChild(int index, int page) => BinaryPrimitives.WriteUInt64LittleEndian(Element(Branch, index)[8..], (ulong)page);

    public void SetPageId(int page, int id) => BinaryPrimitives.WriteUInt64LittleEndian(Page(page), (ulong)id);

    public void SetKind(int page, int kind) => BinaryPrimitives.WriteUInt16LittleEndian(Page(page)[8..], (ushort)kind);

    /// <summary>Appends a branch of one child over the last leaf, which thereby lies one level deeper than the others.</summary>
    public void DeepenLastLeaf()
    {
        var last = Leaves.Length - 1;
        var key = BranchKey(last).ToArray();
        var child = BinaryPrimitives.ReadUInt64LittleEndian(Element(Branch, last)[8..]);
        var page = AddPage();
        new PageHeader(new PageId((ulong)page), PageKind.Branch, Count: 1, OverflowPages: 0).Write(Page(page));
        var header = Element(page, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header, 16);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], (uint)key.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], child);
        key.CopyTo(Page(page)[(PageHeader.SizeBytes + 16)..]);
        SetChild(last, page);
    }

    /// <summary>Adds an empty page to the image and to what the metas say of it.</summary>
    public int AddPage()
    {
        Bytes = [.. Bytes, .. new byte[PageBytes]];
        ChangeMetas(m => m with { HighWaterMark = new PageId((ulong)Pages + 1) });
        return Pages++;
    }

    /// <summary>Changes both metas, and seals them again.</summary>
    public void ChangeMetas(Func<Meta, Meta> change)
    {
        _meta = change(_meta);
        (_meta with { TransactionId = 0 }).Write(Page(0), new PageId(0));
        (_meta with { TransactionId = 1 }).Write(Page(1), new PageId(1));
    }

    /// <summary>Stores a freelist of these pages in page 2.</summary>
    public void SetFreelist(params ulong[] ids)
    {
        SetCount(2, ids.Length);
        for (var i = 0; i < ids.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(Page(2)[(PageHeader.SizeBytes + (i * 8))..], ids[i]);
        }
    }

    private PageKind Kind(int page) => (PageKind)BinaryPrimitives.ReadUInt16LittleEndian(Page(page)[8..]);
}
