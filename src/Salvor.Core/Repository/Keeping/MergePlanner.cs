using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>Chooses runs of small segments, without a gap between them, that one segment can take the place of.</summary>
internal sealed class MergePlanner(MergeRules rules)
{
    private readonly List<IReadOnlyList<SegmentName>> _groups = [];
    private List<SegmentName> _group = [];
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

        if (segment.First > _end + 1)
        {
            Close(isFull: false); // A gap.
        }

        if (storedBytes >= rules.StoredBytesMax / 2 || segment.Last - segment.First >= rules.RevisionsMax / 2)
        {
            Close(isFull: false); // Large enough by itself.
        }
        else
        {
            if (_groupBytes + storedBytes > rules.StoredBytesMax || _group.Count == rules.SegmentsMax
                || (_group.Count > 0 && segment.Last - _group[0].First >= rules.RevisionsMax))
            {
                Close(isFull: true);
            }

            _group.Add(segment);
            _groupBytes += storedBytes;
        }

        _end = segment.Last;
    }

    /// <summary>After the last segment.</summary>
    public void Finish() => Close(isFull: false);

    private void Close(bool isFull)
    {
        if (_group.Count >= rules.SegmentsMin || (isFull && _group.Count > 1))
        {
            _groups.Add(_group);
            _planned += _group.Count;
        }

        _group = [];
        _groupBytes = 0;
    }
}
