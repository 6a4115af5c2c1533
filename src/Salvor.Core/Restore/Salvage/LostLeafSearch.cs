using Salvor.Formats.Bbolt;
using Salvor.Formats.Etcd;

namespace Salvor.Restore.Salvage;

/// <summary>
/// Looks for the entries of damaged parts of the <c>key</c> bucket on all pages, whether a tree leads there or not.
/// </summary>
/// <remarks>
/// An entry of the keyspace is written once and never changed, so an old copy of its page is as good as the newest.
/// Only what a compaction removed can come back this way: at or below the compaction revision an entry counts only
/// where no newer one of its key is known, and it stays uncertain.
/// </remarks>
internal sealed class LostLeafSearch(BboltImage image, IReadOnlyList<KeyGap> gaps, IReadOnlySet<PageId> brokenPages)
{
    private readonly SortedDictionary<Revision, FoundEntry> _found = [];
    private long _pagesLeft = 8 * (long)image.PageLimit.Value;

    public IReadOnlyList<FoundEntry> Run(CancellationToken ct)
    {
        for (var id = new PageId(2); id < image.PageLimit; id = new PageId(id.Value + 1))
        {
            ct.ThrowIfCancellationRequested();
            var isLeftOver = !image.Claims.IsClaimed(id) || brokenPages.Contains(id);
            if (isLeftOver && IsLeaf(id) && image.TryReadPage(id, out var page))
            {
                Search(id, page);
            }
        }

        return [.. _found.Values];
    }

    /// <summary>
    /// Looks at the header alone first: pages that claim to run on to the file's end would otherwise each be read to
    /// it.
    /// </summary>
    private bool IsLeaf(PageId id)
    {
        if (!image.TryReadHeader(id, out var header) || header.Id != id || header.Kind != PageKind.Leaf)
        {
            return false;
        }

        // Runs of old pages may overlap, but not without end: a crafted file could ask for all of itself at every page.
        _pagesLeft -= header.OverflowPages;
        return header.OverflowPages == 0 || _pagesLeft >= 0;
    }

    private void Search(PageId id, ReadOnlySpan<byte> page)
    {
        var header = PageHeader.Read(page);
        var leaf = new LeafPage(page);
        if (header.Id != id || header.Kind != PageKind.Leaf || !leaf.HeadersFit)
        {
            return;
        }

        for (var i = 0; i < leaf.Count; i++)
        {
            if (leaf.TryRead(i, out var element)
                && RevisionKey.TryRead(element.Key, out var key) && IsWanted(element.Key)
                && KeyValue.TryRead(element.Value, out var content) && IsSound(key, content))
            {
                _found.TryAdd(key.Revision, new FoundEntry(key, id, i));
            }
        }
    }

    private bool IsWanted(ReadOnlySpan<byte> key)
    {
        foreach (var gap in gaps)
        {
            if (gap.Contains(key))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSound(RevisionKey key, KeyValue content) => !content.Key.IsEmpty && (key.IsTombstone
        ? content.ModRevision == 0 && content.Version == 0
        : content.ModRevision == key.Revision.Main && content.Version > 0
            && content.CreateRevision <= content.ModRevision);
}
