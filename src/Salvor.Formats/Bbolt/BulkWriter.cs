using System.Numerics;

namespace Salvor.Formats.Bbolt;

/// <summary>Writes a bbolt file from sorted input in one pass: defragmented, no page written twice.</summary>
/// <remarks>
/// Page 2 is an empty freelist and data starts at page 3; leaves are filled up to a limit and written as they fill,
/// branch
/// levels follow from the list of (first key, page), small buckets go inline, and the root bucket's leaf comes last.
/// Only
/// then do the three head pages say where everything is, so a file that was cut short has no valid meta and no one can
/// take
/// it for whole. The rules that bbolt needs and its own check does not test are kept: a branch key is its child's first
/// key,
/// a branch has two children or more, all leaves of a bucket lie at one depth, no leaf below a branch is empty.
/// The caller flushes once, at the end; the order of writes does not matter for a file that nobody else can see yet.
/// </remarks>
public sealed class BulkWriter
{
    private const int HeadPages = 3;

    /// <summary>Many pages of an unusual size must not make a leaf that takes all memory.</summary>
    private const int LeafBytesLimit = 16 << 20;

    private readonly PageOutput _output;
    private readonly int _pageSizeBytes;
    private readonly int _leafBytesMax;
    private readonly LeafBuilder _leaf = new();
    private readonly List<(byte[] Name, byte[] Value)> _buckets = [];
    private BranchLevel? _level;
    private byte[]? _bucketName;
    private bool _isFinished;

    /// <param name="sink">Takes the pages; offsets ascend, but for the head.</param>
    /// <param name="pageSizeBytes">A power of two from 1,024 to 16 MiB; the source file's, so that nothing surprises
    /// etcd.</param>
    /// <param name="leafPages">Pages that a leaf may fill, 1 to 256. More make a smaller file; the first change of such
    /// a leaf rewrites all of it.</param>
    public BulkWriter(IPageSink sink, int pageSizeBytes, int leafPages)
    {
        if (pageSizeBytes is < Meta.PageSizeMin or > Meta.PageSizeMax || !BitOperations.IsPow2(pageSizeBytes))
        {
            throw new ArgumentOutOfRangeException(nameof(pageSizeBytes), pageSizeBytes, "not a page size of bbolt");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(leafPages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leafPages, 256);
        _pageSizeBytes = pageSizeBytes;
        _leafBytesMax = (int)Math.Min((long)leafPages * pageSizeBytes, LeafBytesLimit);
        _output = new PageOutput(sink, pageSizeBytes, firstPage: HeadPages);
    }

    /// <summary>Bytes of the file so far.</summary>
    public long SizeBytes => (long)_output.NextPage.Value * _pageSizeBytes;

    /// <summary>Starts a bucket. Buckets come in byte order of their names.</summary>
    public void BeginBucket(ReadOnlySpan<byte> name)
    {
        if (_bucketName is not null || _isFinished
            || (_buckets.Count > 0 && name.SequenceCompareTo(_buckets[^1].Name) <= 0))
        {
            throw new InvalidOperationException("Buckets are written one at a time, in order of their names.");
        }

        _bucketName = name.ToArray();
        _level = new BranchLevel();
    }

    /// <summary>Adds an element to the bucket. Keys ascend strictly.</summary>
    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (_bucketName is null || key.IsEmpty || key.Length > LeafPage.KeyBytesMax || !_leaf.IsAfterLast(key))
        {
            throw new InvalidOperationException("Keys of a bucket ascend strictly and hold 1 to 32,768 bytes.");
        }

        if (_leaf.Count > 0 && !_leaf.Fits(key.Length, value.Length, _leafBytesMax))
        {
            FlushLeaf();
        }

        _leaf.Add(key, value, isBucket: false);
    }

    public void EndBucket()
    {
        var name = _bucketName ?? throw new InvalidOperationException("No bucket was begun.");
        _buckets.Add((name, FinishTree(_pageSizeBytes / 4)));
        _bucketName = null;
    }

    /// <summary>Writes the root bucket and the head pages.</summary>
    /// <returns>The meta of the finished file.</returns>
    public Meta Finish()
    {
        if (_bucketName is not null || _isFinished)
        {
            throw new InvalidOperationException("The last bucket was not ended, or the file is finished.");
        }

        _isFinished = true;
        _level = new BranchLevel();
        _leaf.Reset();
        foreach (var (name, value) in _buckets)
        {
            if (_leaf.Count > 0 && !_leaf.Fits(name.Length, value.Length, _leafBytesMax))
            {
                FlushLeaf();
            }

            _leaf.Add(name, value, isBucket: true);
        }

        var root = FinishPagedTree();
        _output.Flush();
        return WriteHead(root);
    }

    private void FlushLeaf()
    {
        var first = _output.Write(PageKind.Leaf, _leaf.Count, _leaf.BodyBytes, _leaf);
        _level!.Add(_leaf.FirstKey, first);
        _leaf.Clear();
    }

    /// <summary>The value of the bucket's element: inline when small, else the root page of the tree.</summary>
    private byte[] FinishTree(int inlineBytesMax)
    {
        byte[] value;
        var inlineBytes = PageHeader.SizeBytes + _leaf.BodyBytes;
        if (_level!.Count == 0 && inlineBytes <= inlineBytesMax)
        {
            value = new byte[BucketValue.HeaderBytes + inlineBytes];
            var page = value.AsSpan(BucketValue.HeaderBytes);
            new PageHeader(new PageId(0), PageKind.Leaf, (ushort)_leaf.Count, OverflowPages: 0).Write(page);
            _leaf.CopyTo(page[PageHeader.SizeBytes..]);
        }
        else
        {
            value = new byte[BucketValue.HeaderBytes];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(value, FinishPagedTree().Value);
        }

        _leaf.Reset();
        return value;
    }

    private PageId FinishPagedTree()
    {
        if (_leaf.Count > 0 || _level!.Count == 0)
        {
            FlushLeaf();
        }

        var level = _level!;
        while (level.Count > 1)
        {
            level = level.WriteParents(_output, _pageSizeBytes);
        }

        return level.Page(0);
    }

    private Meta WriteHead(PageId root)
    {
        var head = new byte[HeadPages * _pageSizeBytes];
        var freelist = new PageId(2);
        var meta = new Meta(_pageSizeBytes, root, freelist, _output.NextPage, TransactionId: 0);
        meta.Write(head, new PageId(0));
        (meta with { TransactionId = 1 }).Write(head.AsSpan(_pageSizeBytes), new PageId(1));
        new PageHeader(freelist, PageKind.Freelist, Count: 0, OverflowPages: 0).Write(head.AsSpan(2 * _pageSizeBytes));
        _output.WriteHead(head);
        return meta with { TransactionId = 1 };
    }
}
