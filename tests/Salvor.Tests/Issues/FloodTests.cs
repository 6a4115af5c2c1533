using System.Buffers.Binary;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Issues;

/// <summary>Small files that stood for an amount of work or data far above their size.</summary>
public sealed class FloodTests
{
    private const int PageSizeBytes = 4096;

    [Fact]
    public void Elements_of_a_leaf_that_overlap_are_refused()
    {
        var page = new byte[PageSizeBytes];
        new PageHeader(new PageId(3), PageKind.Leaf, Count: 100, OverflowPages: 0).Write(page);
        var data = 16 + (100 * 16);
        for (var i = 0; i < 100; i++)
        {
            var element = page.AsSpan(16 + (16 * i));
            BinaryPrimitives.WriteInt32LittleEndian(element[4..], data + i - (16 + (16 * i)));
            BinaryPrimitives.WriteInt32LittleEndian(element[8..], 1);
            BinaryPrimitives.WriteInt32LittleEndian(element[12..], 2000);
            page[data + i] = (byte)(i + 1);
        }

        Assert.Equal("bbolt.leaf.overlap", Assert.Single(Walk([page], new PageId(3))));
    }

    [Fact]
    public void Keys_of_a_branch_that_overlap_are_refused()
    {
        var page = new byte[PageSizeBytes];
        new PageHeader(new PageId(3), PageKind.Branch, Count: 100, OverflowPages: 0).Write(page);
        var data = 16 + (100 * 16);
        for (var i = 0; i < 100; i++)
        {
            var element = page.AsSpan(16 + (16 * i));
            BinaryPrimitives.WriteInt32LittleEndian(element, data + i - (16 + (16 * i)));
            BinaryPrimitives.WriteInt32LittleEndian(element[4..], 2000);
            page[data + i] = (byte)(i + 1);
        }

        Assert.Equal("bbolt.branch.keys", Assert.Single(Walk([page], new PageId(3))));
    }

    [Fact]
    public void Large_page_that_many_refer_to_is_read_once()
    {
        const int Children = 200;
        const int LargePages = 500;
        var branch = new byte[PageSizeBytes];
        new PageHeader(new PageId(3), PageKind.Branch, Children, OverflowPages: 0).Write(branch);
        for (var i = 0; i < Children; i++)
        {
            var element = branch.AsSpan(16 + (16 * i));
            BinaryPrimitives.WriteInt32LittleEndian(element, (16 * (Children - i)) + (2 * i));
            BinaryPrimitives.WriteInt32LittleEndian(element[4..], 2);
            BinaryPrimitives.WriteUInt64LittleEndian(element[8..], (ulong)(4 + (LargePages * (i % 2))));
            BinaryPrimitives.WriteUInt16BigEndian(branch.AsSpan(16 + (16 * Children) + (2 * i)), (ushort)i);
        }

        var large = new byte[2 * LargePages * PageSizeBytes];
        new PageHeader(new PageId(4), PageKind.Leaf, 1, LargePages - 1).Write(large);
        new PageHeader(new PageId(4 + LargePages), PageKind.Leaf, 1, LargePages - 1)
            .Write(large.AsSpan(LargePages * PageSizeBytes));
        var source = new CountingSource(
            new MemoryByteSource("image", (byte[])[.. new byte[3 * PageSizeBytes], .. branch, .. large]));

        Walk(source, new PageId(3));

        Assert.InRange(source.ReadBytes, 1, 4 * source.Length);
    }

    [Fact]
    public void Many_changes_of_members_are_scanned_one_by_one()
    {
        var wal = new WalSample();
        for (var i = 1UL; i <= 100_000; i++)
        {
            wal.MemberChange(i, new ConfChange(i, ConfChangeKind.Update, 5, default));
        }

        var log = WalScanner.Scan(WalSample.Segments(wal.Files), firstIndexWanted: 1, new FindingList(),
            CancellationToken.None);

        Assert.Equal(100_000, log.MemberChanges.Count);
    }

    private static List<string> Walk(byte[][] pages, PageId root) =>
        Walk(new MemoryByteSource("image", (byte[])[.. new byte[3 * PageSizeBytes], .. pages.SelectMany(p => p)]),
            root);

    private static List<string> Walk(IByteSource source, PageId root)
    {
        var faults = new List<string>();
        var limit = new PageId((ulong)(source.Length / PageSizeBytes));
        var cursor = new TreeCursor(new PageReader(source, PageSizeBytes, limit), PageSizeBytes, root,
            new PageClaims(limit), f => faults.Add(f.Code));
        while (cursor.TryNextLeaf(out _))
        {
        }

        return faults;
    }
}
