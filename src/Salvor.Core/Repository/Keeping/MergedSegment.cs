using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Repository.Keeping;

/// <summary>A segment that is made of others, of which each adds what is not there yet.</summary>
internal sealed class MergedSegment : IDisposable
{
    private readonly SegmentWriter _writer = new();
    private readonly RevisionSums _summing = new();
    private readonly List<RevisionSum> _sums = [];
    private readonly SortedDictionary<long, SegmentLease> _leases = [];
    private SegmentOrigin _origin;

    /// <summary>How many segments it is made of.</summary>
    public int Sources { get; private set; }

    public bool IsEmpty => _writer.IsEmpty;

    public long FirstRevision => _writer.FirstRevision;

    public long LastRevision => _writer.LastRevision;

    public int ContentBytes => _writer.CompleteBytes;

    /// <summary>
    /// Moves a source to its first revision that is not here yet; false where there is none.
    /// </summary>
    public bool Seek(SegmentReader source)
    {
        while (source.TryReadRevision())
        {
            if (IsEmpty || source.Revision > LastRevision)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the rest of a source, which was moved to it, can follow: the same cluster's, and not before what is here
    /// by its writer's clock, since a segment's times only rise. Where a clock was set back, another segment begins.
    /// </summary>
    public bool CanTake(SegmentReader source) =>
        source.Revision == LastRevision + 1 && source.Header.Origin.ClusterId == _origin.ClusterId
        && source.Time >= _sums[^1].Time - RevisionSum.ClockSkew;

    /// <summary>Takes the rest of a source that was moved to it.</summary>
    public void Take(SegmentReader source)
    {
        do
        {
            while (source.TryReadChange(out var change))
            {
                if (!_writer.HasRoom(change.Bytes.Length))
                {
                    throw new CorruptDataException(
                        $"segment {source.Header.FirstRevision}", 0, $"revision {source.Revision} is too large for one");
                }

                _writer.AddChange(change.Kind, change.Bytes.Span);
                _summing.Add(change);
            }

            _writer.CompleteRevision(source.Revision, source.Time);
            _sums.Add(_summing.Complete(source.Time));
        }
        while (source.TryReadRevision());
        foreach (var lease in source.Header.Leases)
        {
            // The newest word counts, but for one that says that nobody knew any more.
            if (lease.TimeToLiveSeconds > 0 || !_leases.ContainsKey(lease.Id))
            {
                _leases[lease.Id] = lease;
            }
        }

        // The index is never more than the member's at the last revision: the last source's is nearest to it.
        _origin = source.Header.Origin;
        Sources++;
    }

    /// <summary>The content, and its revisions' sums. The next segment begins.</summary>
    public (SegmentContent Content, RevisionSum[] Sums) Finish()
    {
        var finished = (_writer.Finish(_origin, _leases.Values), _sums.ToArray());
        _leases.Clear();
        _sums.Clear();
        Sources = 0;
        return finished;
    }

    public void Dispose() => _summing.Dispose();
}
