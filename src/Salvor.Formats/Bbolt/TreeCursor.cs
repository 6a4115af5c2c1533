namespace Salvor.Formats.Bbolt;

/// <summary>Walks the leaves of one bucket in key order, checking every rule of the tree on the way.</summary>
/// <remarks>
/// Rules: each page is referred to once; its own id is its position; it is a branch or a leaf; its elements lie on it;
/// keys
/// ascend strictly, start at or after the branch key that led here and end before the next one. A page that breaks a
/// rule is
/// reported with the range of keys behind it, and passed over when the handler lets the walk go on. Memory is one
/// branch
/// page per level.
/// </remarks>
public sealed class TreeCursor
{
    /// <summary>
    /// bbolt's branches have two children or more, so 64 levels would hold more pages than a page id can name.
    /// </summary>
    private const int DepthMax = 64;

    private readonly PageReader _pages;
    private readonly int _pageSizeBytes;
    private readonly PageClaims _claims;
    private readonly TreeFaultHandler _onFault;
    private readonly Stack<BranchFrame> _path = new();
    private PageId? _next;
    private byte[]? _lower;
    private byte[]? _upper;
    private int? _leafDepth;
    private byte[] _lastKey = [];
    private int _lastKeyBytes;

    public TreeCursor(PageReader pages, int pageSizeBytes, PageId root, PageClaims claims, TreeFaultHandler onFault)
    {
        _pages = pages;
        _pageSizeBytes = pageSizeBytes;
        _claims = claims;
        _onFault = onFault;
        _next = root;
    }

    /// <summary>The page that the current leaf starts at.</summary>
    public PageId LeafId { get; private set; }

    /// <summary>Branch pages passed so far.</summary>
    public long BranchCount { get; private set; }

    /// <summary>Pages that leaves took up so far, overflow included.</summary>
    public long LeafPages { get; private set; }

    /// <summary>Moves to the next leaf.</summary>
    /// <param name="leaf">Its page, checked as a whole; valid until the next call.</param>
    public bool TryNextLeaf(out LeafPage leaf)
    {
        while (TryNextPage(out var id))
        {
            if (!TryRead(id, out var page))
            {
                continue;
            }

            var header = PageHeader.Read(page);
            if (header.Kind == PageKind.Leaf)
            {
                leaf = new LeafPage(page);
                if (CheckLeaf(id, leaf))
                {
                    LeafId = id;
                    LeafPages += header.OverflowPages + 1;
                    return true;
                }
            }
            else
            {
                Descend(id, page);
            }
        }

        leaf = default;
        return false;
    }

    private bool TryNextPage(out PageId id)
    {
        if (_next is { } root)
        {
            _next = null;
            id = root;
            return true;
        }

        while (_path.TryPeek(out var frame))
        {
            if (frame.TryNext(out id, out _lower, out _upper))
            {
                return true;
            }

            _path.Pop();
        }

        id = default;
        return false;
    }

    private bool TryRead(PageId id, out ReadOnlySpan<byte> page)
    {
        page = default;
        if (id.Value < 2 || !_pages.TryReadHeader(id, out var header))
        {
            return Lose("bbolt.page.range", id, "the page lies outside the file, or its overflow pages do");
        }

        if (header.Id != id)
        {
            return Lose("bbolt.page.id", id, $"page {id} says that it is page {header.Id}");
        }

        if (header.Kind is not (PageKind.Leaf or PageKind.Branch))
        {
            return Lose("bbolt.page.kind", id,
                $"a page of kind 0x{(ushort)header.Kind:x} stands where a branch or leaf should");
        }

        if (_claims.Claim(id, header.OverflowPages) is { } taken)
        {
            return Lose("bbolt.page.shared", id, $"page {taken} is referred to twice");
        }

        // Not before it is claimed: a page of the whole file's size that many refer to is read once.
        return _pages.TryRead(id, out page) || Lose("bbolt.page.range", id, "the file ends within the page");
    }

    private void Descend(PageId id, ReadOnlySpan<byte> page)
    {
        var branch = new BranchPage(page);
        if (branch.Count == 0 || !branch.HeadersFit)
        {
            Lose("bbolt.branch.count", id, $"a branch of {branch.Count} children can't lie on this page");
            return;
        }

        if (_path.Count >= DepthMax)
        {
            Lose("bbolt.tree.depth", id, $"the tree is deeper than {DepthMax} levels");
            return;
        }

        if (branch.Count == 1)
        {
            _onFault(Fault("bbolt.branch.single", id, "a branch has a single child, which etcd can't rebalance",
                isPageLost: false));
        }

        if (BranchFrame.TryCreate(branch, _lower, _upper, out var frame, out var fault))
        {
            BranchCount++;
            _path.Push(frame);
        }
        else
        {
            Lose("bbolt.branch.keys", id, fault);
        }
    }

    private bool CheckLeaf(PageId id, LeafPage leaf)
    {
        if (!leaf.HeadersFit)
        {
            return Lose("bbolt.leaf.count", id, $"{leaf.Count} elements can't lie on this page");
        }

        if (leaf.Count == 0 && _path.Count > 0)
        {
            return Lose("bbolt.leaf.empty", id, "a leaf below a branch holds nothing");
        }

        if (_leafDepth is { } depth && depth != _path.Count)
        {
            _onFault(
                Fault("bbolt.tree.uneven", id, $"a leaf at depth {_path.Count}, others at {depth}", isPageLost: false));
        }

        _leafDepth ??= _path.Count;
        return CheckKeys(id, leaf);
    }

    private bool CheckKeys(PageId id, LeafPage leaf)
    {
        ReadOnlySpan<byte> previous = _lower;
        var spareBytes = leaf.DataBytesMax;
        for (var i = 0; i < leaf.Count; i++)
        {
            if (!leaf.TryRead(i, out var element))
            {
                return Lose("bbolt.leaf.element", id, $"element {i} reaches past the page");
            }

            // Elements that share bytes could make a small file fill a disk when they are written one by one.
            spareBytes -= element.DataBytes;
            if (spareBytes < 0)
            {
                return Lose("bbolt.leaf.overlap", id, $"element {i} overlaps one before it");
            }

            var isAscending = i == 0
                ? element.Key.SequenceCompareTo(previous) >= 0
                : element.Key.SequenceCompareTo(previous) > 0;
            if (!isAscending)
            {
                return Lose("bbolt.leaf.order", id, $"the key of element {i} does not come after the one before it");
            }

            previous = element.Key;
        }

        if (_upper is not null && previous.SequenceCompareTo(_upper) >= 0)
        {
            return Lose("bbolt.leaf.bounds", id, "the last key reaches into the next page's range");
        }

        return CheckFirstKey(id, leaf);
    }

    private bool CheckFirstKey(PageId id, LeafPage leaf)
    {
        if (leaf.Count == 0)
        {
            return true;
        }

        _ = leaf.TryRead(0, out var first);
        if (_lastKeyBytes > 0 && first.Key.SequenceCompareTo(_lastKey.AsSpan(0, _lastKeyBytes)) <= 0)
        {
            return Lose("bbolt.leaf.order", id, "the first key does not come after the last key of the leaf before it");
        }

        if (_lower is not null && !first.Key.SequenceEqual(_lower))
        {
            _onFault(Fault("bbolt.branch.key", id, "the branch key that led here is not the page's first key",
                isPageLost: false));
        }

        _ = leaf.TryRead(leaf.Count - 1, out var last);
        if (_lastKey.Length < last.Key.Length)
        {
            _lastKey = new byte[Math.Max(64, last.Key.Length)];
        }

        last.Key.CopyTo(_lastKey);
        _lastKeyBytes = last.Key.Length;
        return true;
    }

    private bool Lose(string code, PageId id, string message)
    {
        _onFault(Fault(code, id, message, isPageLost: true));
        return false;
    }

    private TreeFault Fault(string code, PageId id, string message, bool isPageLost)
    {
        var offset = id.Value < (ulong)(long.MaxValue / _pageSizeBytes)
            ? (long)id.Value * _pageSizeBytes
            : long.MaxValue;
        return new TreeFault(code, id, offset, message, _lower, _upper, isPageLost);
    }
}
