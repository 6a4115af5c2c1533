namespace Salvor.Repository.Log;

/// <summary>Which revisions the log holds, as its names say.</summary>
public sealed class LogIndex
{
    private readonly SegmentName[] _byFirst;

    /// <param name="segments">In any order, once or several times.</param>
    public LogIndex(IEnumerable<SegmentName> segments)
    {
        _byFirst = [.. segments.Distinct()];
        Array.Sort(_byFirst);
        LastRevision = _byFirst.Length == 0 ? 0 : _byFirst.Max(s => s.Last);
    }

    /// <summary>All of them, in the order of their names.</summary>
    public IReadOnlyList<SegmentName> Segments => _byFirst;

    /// <summary>The greatest revision that any segment holds; 0 where there is none.</summary>
    public long LastRevision { get; }

    /// <summary>How far the log goes without a gap from the revision after this one; itself where it does not.</summary>
    public long EndOf(long after)
    {
        var end = after;
        foreach (var segment in _byFirst)
        {
            if (segment.First > end + 1)
            {
                break;
            }

            end = Math.Max(end, segment.Last);
        }

        return end;
    }

    /// <summary>
    /// The fewest segments from the revision after <paramref name="after"/> to <paramref name="through"/>: at each
    /// point the one that reaches farthest.
    /// </summary>
    public LogChain ChainOf(long after, long through)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        var chosen = new List<SegmentName>();
        var gaps = new List<RevisionGap>();
        var next = after + 1;
        var i = 0;
        SegmentName? best = null;
        while (next <= through)
        {
            for (; i < _byFirst.Length && _byFirst[i].First <= next; i++)
            {
                best = best is { } b && IsBefore(b, _byFirst[i]) ? b : _byFirst[i];
            }

            if (best is { } found && found.Last >= next)
            {
                chosen.Add(found);
                next = found.Last + 1;
                continue;
            }

            var resumes = i < _byFirst.Length ? Math.Min(_byFirst[i].First, through + 1) : through + 1;
            gaps.Add(new RevisionGap(next, resumes - 1));
            next = resumes;
        }

        return new LogChain(chosen, gaps);
    }

    /// <summary>
    /// Of those that reach as far, the one that begins first, and of the same range the one with the greater id: those
    /// that prune leaves.
    /// </summary>
    private static bool IsBefore(SegmentName one, SegmentName later) =>
        one.Last > later.Last || (one.Last == later.Last && one.First < later.First);

    /// <summary>Whether others hold what a segment holds, on the way from the revision after this one.</summary>
    public bool IsReplaced(SegmentName segment, long after) => Without(segment).EndOf(after) >= segment.Last;

    /// <summary>The same log without a segment that turned out to be unreadable.</summary>
    public LogIndex Without(SegmentName segment) => new(_byFirst.Where(s => s != segment));
}
