using Salvor.Formats.Bytes;

namespace Salvor.Formats.Bbolt;

/// <summary>A bbolt file as of one of its commits: where its buckets are, and ways to walk them.</summary>
/// <remarks>
/// Not for a file that a running bbolt has open: pages of this commit may be reused while we read. Every walk claims
/// the
/// pages it enters, so that a page used by two owners shows, whoever comes second.
/// </remarks>
public sealed class BboltImage
{
    internal const string BadBucketCode = "bbolt.bucket.value";

    private readonly IByteSource _source;
    private readonly PageReader _pages;

    private BboltImage(IByteSource source, MetaPair metas, Meta meta)
    {
        _source = source;
        Metas = metas;
        Meta = meta;
        var pagesInFile = (ulong)((source.Length + meta.PageSizeBytes - 1) / meta.PageSizeBytes);
        PageLimit = new PageId(Math.Min(meta.HighWaterMark.Value, pagesInFile));
        _pages = new PageReader(source, meta.PageSizeBytes, PageLimit);
        Claims = new PageClaims(PageLimit);
    }

    /// <summary>What errors call the source.</summary>
    public string Name => _source.Name;

    public MetaPair Metas { get; }

    /// <summary>The meta that this view of the file follows.</summary>
    public Meta Meta { get; }

    /// <summary>The first page id that can't be read: the high-water mark, or the end of a file cut short.</summary>
    public PageId PageLimit { get; }

    /// <summary>What the walks so far have entered.</summary>
    public PageClaims Claims { get; }

    /// <summary>Whether the file ends before the image does.</summary>
    public bool IsTruncated => _source.Length < Meta.ImageBytes;

    /// <summary>Opens the newest commit of a file that must be whole.</summary>
    /// <exception cref="CorruptDataException">No meta page is valid, or the file is cut short.</exception>
    public static BboltImage Open(IByteSource source)
    {
        var image = OpenDamaged(source);
        if (image.IsTruncated)
        {
            throw new CorruptDataException(source.Name, source.Length,
                $"the file is cut short: its pages need {image.Meta.ImageBytes} bytes");
        }

        return image;
    }

    /// <summary>Opens the newest commit of a file of which pages may be missing.</summary>
    /// <exception cref="CorruptDataException">No meta page is valid.</exception>
    public static BboltImage OpenDamaged(IByteSource source)
    {
        var metas = MetaPair.Read(source);
        return metas.Newest is { } meta
            ? new BboltImage(source, metas, meta)
            : throw new CorruptDataException(source.Name, 0,
                $"neither meta page is valid (first: {metas.FirstFault}, second: {metas.SecondFault})");
    }

    /// <summary>Opens a file as of a meta that the caller chose, such as the older of the two.</summary>
    public static BboltImage OpenAs(IByteSource source, Meta meta) => new(source, MetaPair.Read(source), meta);

    /// <summary>Throws on any fault that loses data, naming file, offset and rule.</summary>
    public TreeFaultHandler Strict => fault =>
    {
        if (fault.LosesData)
        {
            throw new CorruptDataException(_source.Name, fault.Offset, fault.Message);
        }
    };

    /// <summary>Finds the top-level buckets.</summary>
    /// <remarks>Also claims the pages of the root bucket; call it once per image.</remarks>
    public IReadOnlyList<Bucket> ReadBuckets(TreeFaultHandler onFault)
    {
        var buckets = new List<Bucket>();
        var cursor = new TreeCursor(_pages, Meta.PageSizeBytes, Meta.Root, Claims, onFault);
        while (cursor.TryNextLeaf(out var leaf))
        {
            for (var i = 0; i < leaf.Count; i++)
            {
                _ = leaf.TryRead(i, out var element);
                if (element.IsBucket && BucketValue.TryRead(element.Value, out var value))
                {
                    buckets.Add(
                        new Bucket(element.Key.ToArray(), value.Root, value.InlinePage.ToArray(), cursor.LeafId));
                }
                else
                {
                    onFault(new TreeFault(BadBucketCode, cursor.LeafId,
                        (long)cursor.LeafId.Value * Meta.PageSizeBytes,
                        $"element {i} of the root bucket is no bucket", element.Key.ToArray(), null,
                            IsPageLost: false));
                }
            }
        }

        return buckets;
    }

    /// <summary>Starts a walk over the leaves of a bucket that has pages of its own.</summary>
    public TreeCursor Walk(Bucket bucket, TreeFaultHandler onFault) =>
        new(_pages, Meta.PageSizeBytes, bucket.Root, Claims, onFault);

    /// <summary>Visits every element of a bucket, inline or paged, in key order.</summary>
    public void Visit(Bucket bucket, TreeFaultHandler onFault, ElementVisitor visit)
    {
        if (bucket.IsInline)
        {
            VisitInline(bucket, onFault, visit);
            return;
        }

        var cursor = Walk(bucket, onFault);
        while (cursor.TryNextLeaf(out var leaf))
        {
            for (var i = 0; i < leaf.Count; i++)
            {
                _ = leaf.TryRead(i, out var element);
                visit(element);
            }
        }
    }

    /// <summary>Reads the header of any page below the limit.</summary>
    public bool TryReadHeader(PageId id, out PageHeader header) => _pages.TryReadHeader(id, out header);

    /// <summary>
    /// Reads any page below the limit with its overflow pages, for searches that do not follow the tree.
    /// </summary>
    public bool TryReadPage(PageId id, out ReadOnlySpan<byte> page) => _pages.TryRead(id, out page);

    private void VisitInline(Bucket bucket, TreeFaultHandler onFault, ElementVisitor visit)
    {
        var leaf = new LeafPage(bucket.InlinePage);
        ReadOnlySpan<byte> previous = default;
        var spareBytes = leaf.DataBytesMax;
        for (var i = 0; i < leaf.Count; i++)
        {
            // Elements that share bytes could make a small file fill a disk when they are written one by one.
            if (!leaf.TryRead(i, out var element) || element.Key.SequenceCompareTo(previous) <= 0
                || (spareBytes -= element.DataBytes) < 0)
            {
                onFault(new TreeFault("bbolt.bucket.inline", bucket.ParentLeaf,
                    (long)bucket.ParentLeaf.Value * Meta.PageSizeBytes,
                    $"element {i} of the inline bucket \"{bucket.NameText}\" is out of order or reaches past it", null,
                        null, IsPageLost: true));
                return;
            }

            visit(element);
            previous = element.Key;
        }
    }
}
