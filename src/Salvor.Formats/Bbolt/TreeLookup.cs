namespace Salvor.Formats.Bbolt;

/// <summary>Finds single keys of a bucket, from its root down.</summary>
public sealed class TreeLookup(BboltImage image, Bucket bucket)
{
    private const int DepthMax = 64;

    /// <summary>Looks a key up.</summary>
    /// <param name="key">The exact key.</param>
    /// <param name="element">What is stored, valid until the image's next page is read.</param>
    /// <returns>False when the key is not there, or the way to it is damaged.</returns>
    public bool TryFind(ReadOnlySpan<byte> key, out LeafElement element)
    {
        if (TryFindLeaf(key, isLast: false, out var leaf))
        {
            return TryFindIn(leaf, key, out element);
        }

        element = default;
        return false;
    }

    /// <summary>Goes down the tree's right edge.</summary>
    /// <param name="element">The bucket's last element, valid until the image's next page is read.</param>
    /// <returns>False when there is none, or the way to it is damaged.</returns>
    public bool TryFindLast(out LeafElement element)
    {
        element = default;
        return TryFindLeaf(key: default, isLast: true, out var leaf)
            && leaf.Count > 0
            && leaf.HeadersFit
            && leaf.TryRead(leaf.Count - 1, out element);
    }

    private bool TryFindLeaf(ReadOnlySpan<byte> key, bool isLast, out LeafPage leaf)
    {
        leaf = default;
        if (bucket.IsInline)
        {
            leaf = new LeafPage(bucket.InlinePage);
            return true;
        }

        var id = bucket.Root;
        for (var depth = 0; depth < DepthMax; depth++)
        {
            if (!image.TryReadPage(id, out var page) || PageHeader.Read(page) is var header && header.Id != id)
            {
                return false;
            }

            if (header.Kind == PageKind.Leaf)
            {
                leaf = new LeafPage(page);
                return true;
            }

            if (header.Kind != PageKind.Branch || !TryFindChild(new BranchPage(page), key, isLast, out id))
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryFindChild(BranchPage branch, ReadOnlySpan<byte> key, bool isLast, out PageId child)
    {
        child = default;
        if (branch.Count == 0 || !branch.HeadersFit)
        {
            return false;
        }

        // The last child whose first key is not after ours.
        var (low, high) = (0, branch.Count - 1);
        while (!isLast && low < high)
        {
            var middle = (low + high + 1) / 2;
            if (!branch.TryRead(middle, out var first, out _))
            {
                return false;
            }

            (low, high) = first.SequenceCompareTo(key) <= 0 ? (middle, high) : (low, middle - 1);
        }

        return branch.TryRead(isLast ? high : low, out _, out child);
    }

    private static bool TryFindIn(LeafPage leaf, ReadOnlySpan<byte> key, out LeafElement element)
    {
        element = default;
        if (!leaf.HeadersFit)
        {
            return false;
        }

        var (low, high) = (0, leaf.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (!leaf.TryRead(middle, out element))
            {
                return false;
            }

            var order = element.Key.SequenceCompareTo(key);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }
}
