using Salvor.Formats.Bytes;

namespace Salvor.Formats.Etcd;

/// <summary>Says which entries of a keyspace a compaction keeps.</summary>
/// <remarks>
/// Kept are all entries above the compaction revision, and of each key the newest one at or below it, unless that is a
/// tombstone from before it. Show it all entries once (<see cref="Observe"/>), in order, then ask about each while
/// writing. Memory is bounded by the keys that were live at the compaction.
/// </remarks>
/// <param name="revision">The compaction revision; 0 or less keeps everything.</param>
public sealed class CompactionFilter(long revision)
{
    private readonly Dictionary<byte[], Revision> _newest = new(ByteKeyComparer.Instance);
    private HashSet<Revision>? _kept;

    public long Revision => revision;

    /// <summary>Takes in the next entry; those above the compaction revision may be left out.</summary>
    public void Observe(RevisionKey entry, ReadOnlySpan<byte> userKey)
    {
        if (entry.Revision.Main > revision)
        {
            return;
        }

        var lookup = _newest.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (entry.IsTombstone && entry.Revision.Main < revision)
        {
            lookup.Remove(userKey);
        }
        else
        {
            lookup[userKey] = entry.Revision;
        }
    }

    /// <summary>Whether an entry stays. Nothing more may be observed after the first question.</summary>
    public bool Keeps(RevisionKey entry)
    {
        if (entry.Revision.Main > revision)
        {
            return true;
        }

        if (_kept is null)
        {
            _kept = [.. _newest.Values];
            _newest.Clear();
        }

        return _kept.Contains(entry.Revision);
    }
}
