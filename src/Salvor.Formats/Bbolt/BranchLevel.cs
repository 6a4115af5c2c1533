using System.Buffers.Binary;

namespace Salvor.Formats.Bbolt;

/// <summary>The nodes of one level of a tree as (first key, page), from which the level above is written.</summary>
/// <remarks>Takes about 33 bytes for each page of the level below: 3 MB for a file of 400 MB in 4 KiB leaves.</remarks>
internal sealed class BranchLevel
{
    private const int ChildrenMax = 65534;

    private readonly List<(int KeyEnd, PageId Page)> _nodes = [];
    private byte[] _keys = new byte[1024];

    public int Count => _nodes.Count;

    public PageId Page(int index) => _nodes[index].Page;

    public void Add(ReadOnlySpan<byte> firstKey, PageId page)
    {
        var start = Count == 0 ? 0 : _nodes[^1].KeyEnd;
        var end = checked(start + firstKey.Length);
        if (end > _keys.Length)
        {
            Array.Resize(ref _keys, Math.Max(end, _keys.Length * 2));
        }

        firstKey.CopyTo(_keys.AsSpan(start));
        _nodes.Add((end, page));
    }

    /// <summary>Writes the branch pages over this level.</summary>
    public BranchLevel WriteParents(PageOutput output, int pageSizeBytes)
    {
        var parents = new BranchLevel();
        var start = 0;
        while (start < Count)
        {
            var end = GroupEnd(start, pageSizeBytes);

            // bbolt can't rebalance a branch of one child: the last one takes a child from the group before it, or
            // joins it.
            var left = Count - end;
            if (left == 1)
            {
                end = end - start > 2 ? end - 1 : Count;
            }

            var group = new BranchBody(this, start, end);
            parents.Add(Key(start), output.Write(PageKind.Branch, end - start, group.BodyBytes, group));
            start = end;
        }

        return parents;
    }

    private ReadOnlySpan<byte> Key(int index)
    {
        var start = index == 0 ? 0 : _nodes[index - 1].KeyEnd;
        return _keys.AsSpan(start, _nodes[index].KeyEnd - start);
    }

    /// <summary>A page's worth of children from <paramref name="start"/> on, two at the least.</summary>
    private int GroupEnd(int start, int pageSizeBytes)
    {
        var bytes = PageHeader.SizeBytes;
        var end = start;
        while (end < Count && end - start < ChildrenMax)
        {
            bytes += BranchPage.ElementHeaderBytes + Key(end).Length;
            if (bytes > pageSizeBytes && end - start >= 2)
            {
                break;
            }

            end++;
        }

        return end;
    }

    private sealed class BranchBody(BranchLevel level, int start, int end) : IPageBody
    {
        public int BodyBytes { get; } = ((end - start) * BranchPage.ElementHeaderBytes)
            + level._nodes[end - 1].KeyEnd - (start == 0 ? 0 : level._nodes[start - 1].KeyEnd);

        public void CopyTo(Span<byte> body)
        {
            var position = (end - start) * BranchPage.ElementHeaderBytes;
            for (var i = start; i < end; i++)
            {
                var key = level.Key(i);
                var headerStart = (i - start) * BranchPage.ElementHeaderBytes;
                BinaryPrimitives.WriteUInt32LittleEndian(body[headerStart..], (uint)(position - headerStart));
                BinaryPrimitives.WriteUInt32LittleEndian(body[(headerStart + 4)..], (uint)key.Length);
                BinaryPrimitives.WriteUInt64LittleEndian(body[(headerStart + 8)..], level._nodes[i].Page.Value);
                key.CopyTo(body[position..]);
                position += key.Length;
            }
        }
    }
}
