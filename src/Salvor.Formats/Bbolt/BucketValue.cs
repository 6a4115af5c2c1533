using System.Buffers.Binary;

namespace Salvor.Formats.Bbolt;

/// <summary>The value of a bucket's element: where its tree is, or the tree itself.</summary>
/// <remarks>
/// Root page u64 at 0 and sequence u64 at 8 (0 in etcd). Root 0 means inline: a complete leaf page image, with page id
/// 0,
/// follows. bbolt inlines a bucket of one leaf that takes no more than a quarter of a page; a reader accepts both
/// forms.
/// </remarks>
public readonly ref struct BucketValue
{
    public const int HeaderBytes = 16;

    private BucketValue(PageId root, ReadOnlySpan<byte> inlinePage)
    {
        Root = root;
        InlinePage = inlinePage;
    }

    public PageId Root { get; }

    /// <summary>The leaf page image of an inline bucket; empty for a paged one.</summary>
    public ReadOnlySpan<byte> InlinePage { get; }

    public bool IsInline => Root.Value == 0;

    public static bool TryRead(ReadOnlySpan<byte> value, out BucketValue bucket)
    {
        bucket = default;
        if (value.Length < HeaderBytes)
        {
            return false;
        }

        var root = new PageId(BinaryPrimitives.ReadUInt64LittleEndian(value));
        if (root.Value != 0)
        {
            bucket = new BucketValue(root, default);
            return true;
        }

        var page = value[HeaderBytes..];
        if (page.Length < PageHeader.SizeBytes || PageHeader.Read(page).Kind != PageKind.Leaf
            || !new LeafPage(page).HeadersFit)
        {
            return false;
        }

        bucket = new BucketValue(root, page);
        return true;
    }
}
