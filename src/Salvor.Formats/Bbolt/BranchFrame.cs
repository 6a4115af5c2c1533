using System.Diagnostics.CodeAnalysis;

namespace Salvor.Formats.Bbolt;

/// <summary>One level of a walk: the children of a branch page and the range of keys that each one may hold.</summary>
internal sealed class BranchFrame
{
    private readonly PageId[] _children;
    private readonly byte[] _keys;
    private readonly int[] _keyEnds;
    private readonly byte[]? _upper;
    private int _next;

    // A child's upper bound is the next one's lower: each key is copied once.
    private byte[]? _nextKey;

    private BranchFrame(int count, int keyBytes, byte[]? upper)
    {
        _children = new PageId[count];
        _keys = new byte[keyBytes];
        _keyEnds = new int[count];
        _upper = upper;
    }

    /// <summary>
    /// Copies a branch page out of the reader's window, and checks its keys against the bounds it was reached with.
    /// </summary>
    public static bool TryCreate(
        BranchPage page,
        byte[]? lower,
        byte[]? upper,
        [NotNullWhen(true)] out BranchFrame? frame,
        [NotNullWhen(false)] out string? fault)
    {
        frame = null;
        var keyBytes = 0L;
        ReadOnlySpan<byte> previous = default;
        for (var i = 0; i < page.Count; i++)
        {
            if (!page.TryRead(i, out var key, out _))
            {
                fault = $"element {i} reaches past the page";
                return false;
            }

            var isOrdered = i == 0
                ? lower is null || key.SequenceCompareTo(lower) >= 0
                : key.SequenceCompareTo(previous) > 0;
            if (!isOrdered)
            {
                fault = $"the key of child {i} does not come after the one before it";
                return false;
            }

            previous = key;
            keyBytes += key.Length;
        }

        // Keys may share bytes on a hostile page: a small file must not ask for the memory of a large one.
        if (keyBytes > page.DataBytesMax)
        {
            fault = "its keys overlap";
            return false;
        }

        if (upper is not null && previous.SequenceCompareTo(upper) >= 0)
        {
            fault = "the last key reaches into the next page's range";
            return false;
        }

        fault = null;
        frame = new BranchFrame(page.Count, (int)keyBytes, upper);
        frame.Fill(page);
        return true;
    }

    public bool TryNext(out PageId child, out byte[]? lower, out byte[]? upper)
    {
        if (_next == _children.Length)
        {
            (child, lower, upper) = (default, null, null);
            return false;
        }

        child = _children[_next];
        lower = _nextKey ?? Key(_next);
        _nextKey = _next + 1 < _children.Length ? Key(_next + 1) : null;
        upper = _nextKey ?? _upper;
        _next++;
        return true;
    }

    private byte[] Key(int index) => _keys[(index == 0 ? 0 : _keyEnds[index - 1]).._keyEnds[index]];

    private void Fill(BranchPage page)
    {
        var end = 0;
        for (var i = 0; i < page.Count; i++)
        {
            _ = page.TryRead(i, out var key, out _children[i]);
            key.CopyTo(_keys.AsSpan(end));
            end += key.Length;
            _keyEnds[i] = end;
        }
    }
}
