using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>Which segments hold all that others hold.</summary>
/// <remarks>
/// Of two with the same range the one with the greater id covers the other one, and never the other way round: so
/// however many prunes delete what is covered, something that covers it always stays.
/// </remarks>
internal sealed class SegmentCover
{
    private readonly SortedSet<SegmentName> _covering = [];
    private SegmentName? _farthest;

    /// <summary>Those that cover another one, of all that were added.</summary>
    public IReadOnlyCollection<SegmentName> Covering => _covering;

    public static bool Covers(SegmentName by, SegmentName other) =>
        by.First <= other.First && other.Last <= by.Last
        && (by.First != other.First || by.Last != other.Last || string.CompareOrdinal(by.Id, other.Id) > 0);

    /// <summary>Adds a segment. They come in the order of their names.</summary>
    public void Add(SegmentName segment)
    {
        if (_farthest is not { } farthest)
        {
            _farthest = segment;
        }
        else if (Covers(farthest, segment))
        {
            _covering.Add(farthest);
        }
        else if (Covers(segment, farthest))
        {
            _covering.Add(segment);
            _farthest = segment;
        }
        else if (segment.Last > farthest.Last)
        {
            _farthest = segment;
        }
    }
}
