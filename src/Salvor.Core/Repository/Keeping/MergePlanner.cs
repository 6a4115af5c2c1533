using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>Chooses runs of small segments, without a gap between them, that one segment can take the place of.</summary>
/// <remarks>The segment that reaches the log's end stays as it is: when it was stored tells how fresh the log is.</remarks>
internal sealed class MergePlanner(MergeRules rules)
{
    private readonly List<IReadOnlyList<SegmentName>> _groups = [];
    private List<(SegmentName Segment, long StoredBytes)> _group = [];
    private long _groupBytes;
    private long _end;
    private int _planned;

    /// <summary>The groups, each in the order of its revisions.</summary>
    public IReadOnlyList<IReadOnlyList<SegmentName>> Groups => _groups;

    /// <summary>Whether a run has enough to do; what comes after is left to the next one.</summary>
    public bool IsFull => _planned >= rules.RunMax;

    /// <summary>Adds a segment. They come in the order of their names.</summary>
    public void Add(SegmentName segment, long storedBytes)
    {
        if (segment.Last <= _end)
        {
            return; // Others have all of it.
        }

        var isAfterGap = segment.First > _end + 1;
        _end = segment.Last;
        if (_group is [.., { Segment: var before }] && before.First == segment.First)
        {
            DropLast(); // It has all that the one before has.
        }

        var isLarge = storedBytes >= rules.LargeBytes || segment.Last - segment.First >= rules.RevisionsMax / 2;
        if (isAfterGap || isLarge)
        {
            Close(isFull: false);
        }

        if (isLarge)
        {
            return;
        }

        if (_groupBytes + storedBytes > rules.StoredBytesMax
            || _group.Count == rules.SegmentsMax
            || (_group.Count > 0 && segment.Last - _group[0].Segment.First >= rules.RevisionsMax))
        {
            Close(isFull: true);
        }

        _group.Add((segment, storedBytes));
        _groupBytes += storedBytes;
    }

    /// <summary>After the last segment.</summary>
    public void Finish()
    {
        if (_group is [.., { Segment: var last }] && last.Last == _end)
        {
            DropLast();
        }

        Close(isFull: false);
    }

    private void DropLast()
    {
        _groupBytes -= _group[^1].StoredBytes;
        _group.RemoveAt(_group.Count - 1);
    }

    private void Close(bool isFull)
    {
        if (_group.Count >= rules.SegmentsMin || (isFull && _group.Count > 1))
        {
            _groups.Add([.. _group.Select(one => one.Segment)]);
            _planned += _group.Count;
        }

        (_group, _groupBytes) = ([], 0);
    }
}
