namespace Salvor.Metrics;

/// <summary>How much would be lost if the machine were gone now: what etcd has and the repository has not.</summary>
/// <remarks>
/// Told by looks at etcd's revision. A change came between two looks: the earlier one's time counts, so that the age is
/// not said too small; only what was there before the first look counts from that one. While etcd is silent, what it
/// said last counts.
/// </remarks>
internal sealed class ChangesAtRisk(TimeProvider time)
{
    /// <summary>Looks that are remembered; beyond it, every second one is forgotten and ages get coarser.</summary>
    private const int LooksMax = 1024;

    private readonly Lock _gate = new();
    private readonly List<(long Revision, long At)> _looks = [];
    private long? _stored;

    /// <summary>etcd's newest revision; null before it was first seen.</summary>
    public long? EtcdRevision
    {
        get
        {
            lock (_gate)
            {
                return _looks.Count == 0 ? null : _looks[^1].Revision;
            }
        }
    }

    /// <summary>Everything up to here is stored; null before that is known.</summary>
    public long? StoredRevision
    {
        get
        {
            lock (_gate)
            {
                return _stored;
            }
        }
    }

    /// <summary>etcd is at a revision. One that is lower than before is another cluster's: the count begins anew.
    /// </summary>
    public void Etcd(long revision)
    {
        lock (_gate)
        {
            if (_looks.Count > 0 && revision < _looks[^1].Revision)
            {
                _looks.Clear();
                _stored = null; // Of the other one: what of this one is stored is not known yet.
            }

            var now = time.GetTimestamp();
            if (_looks.Count > 1 && _looks[^1].Revision == revision && _looks[^2].Revision == revision)
            {
                _looks[^1] = (revision, now); // Nothing happened between them: the ends of the quiet time tell it all.
                return;
            }

            if (_looks.Count == LooksMax)
            {
                for (var i = LooksMax - 1; i > 0; i -= 2)
                {
                    _looks.RemoveAt(i);
                }
            }

            _looks.Add((revision, now));
        }
    }

    /// <summary>Everything up to a revision is stored.</summary>
    public void Stored(long revision)
    {
        lock (_gate)
        {
            _stored = revision;
        }
    }

    /// <summary>How many revisions only etcd has, and how old the oldest of them may be; null while that is not known.
    /// </summary>
    public (long Revisions, TimeSpan Age)? Read()
    {
        lock (_gate)
        {
            if (_looks.Count == 0 || _stored is not { } stored)
            {
                return null;
            }

            var behind = _looks[^1].Revision - stored;
            if (behind <= 0)
            {
                return (0, TimeSpan.Zero);
            }

            // Looks before the last one that saw nothing new are of no use any more.
            var first = _looks.FindLastIndex(look => look.Revision <= stored);
            if (first > 0)
            {
                _looks.RemoveRange(0, first);
            }

            return (behind, time.GetElapsedTime(_looks[0].At));
        }
    }
}
