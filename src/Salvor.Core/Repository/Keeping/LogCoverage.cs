namespace Salvor.Repository.Keeping;

/// <summary>Which revisions a log holds: its segments, merged where they touch. Small, however many there are.</summary>
public sealed class LogCoverage
{
    private readonly List<(long First, long Last)> _ranges = [];

    /// <summary>The greatest revision; 0 where there is none.</summary>
    public long LastRevision { get; private set; }

    /// <summary>Adds a segment. They come in the order of their names, so by first revision.</summary>
    public void Add(long first, long last)
    {
        LastRevision = Math.Max(LastRevision, last);
        if (_ranges.Count == 0 || first > _ranges[^1].Last + 1)
        {
            _ranges.Add((first, last));
        }
        else if (last > _ranges[^1].Last)
        {
            _ranges[^1] = (_ranges[^1].First, last);
        }
    }

    /// <summary>How far the log goes without a gap from the revision after this one; itself where it does not.</summary>
    public long EndOf(long after)
    {
        var i = _ranges.FindLastIndex(range => range.First <= after + 1);
        return i < 0 ? after : Math.Max(after, _ranges[i].Last);
    }
}
