using Salvor.Formats.Raft;

namespace Salvor.Formats.RaftWal;

/// <summary>What a scan of a WAL found.</summary>
public sealed class WalLog
{
    private readonly List<WalSnapshot> _snapshots = [];
    private readonly HashSet<ulong> _snapshotIndexes = [];
    private readonly List<WalMemberChange> _memberChanges = [];

    internal WalLog(IReadOnlyList<WalSegment> segments, ulong firstIndexWanted)
    {
        Segments = segments;
        Entries = new WalEntryTable(firstIndexWanted);
    }

    public IReadOnlyList<WalSegment> Segments { get; }

    /// <summary>The entries from the wanted index on, as far as no index is missing.</summary>
    public WalEntryTable Entries { get; }

    /// <summary>Whose log it is; null when no metadata record survived.</summary>
    public WalMetadata? Metadata { get; internal set; }

    /// <summary>The last hard state; null when none survived.</summary>
    public HardState? State { get; internal set; }

    /// <summary>The snapshot records, in the order written.</summary>
    public IReadOnlyList<WalSnapshot> Snapshots => _snapshots;

    /// <summary>The changes of members in the log, in the order written.</summary>
    public IReadOnlyList<WalMemberChange> MemberChanges => _memberChanges;

    /// <summary>The lowest index of any intact entry; null when there is none.</summary>
    public ulong? FirstIndexSeen { get; internal set; }

    /// <summary>The highest index of any intact entry, also beyond a missing one; null when there is none.</summary>
    public ulong? LastIndexSeen { get; internal set; }

    /// <summary>
    /// Where the log ends: its highest entry, or the raft snapshot that takes the place of all before it.
    /// </summary>
    public ulong LastIndex => Math.Max(LastIndexSeen ?? 0, _snapshots.Count == 0 ? 0 : _snapshots.Max(s => s.Index));

    /// <summary>
    /// Whether the WAL ends in a write that a crash cut short. That alone loses nothing that etcd acknowledged.
    /// </summary>
    public bool HasTornTail { get; internal set; }

    /// <summary>Whether the last segment ends in damage behind which acknowledged entries may have stood.</summary>
    public bool HasCorruptTail { get; internal set; }

    /// <summary>
    /// Whether the last segment is as long as segments get, so that another one should follow it.
    /// </summary>
    public bool IsLastSegmentFull { get; internal set; }

    /// <summary>Whether a segment names another member than the ones before it; nothing in it was taken.</summary>
    public bool HasForeignSegment { get; internal set; }

    /// <summary>
    /// Whether the log begins on top of a database that it does not tell of, as after a restore: a raft snapshot comes
    /// before any request. Such a log can't rebuild the keyspace by itself.
    /// </summary>
    public bool StartsFromSnapshot { get; internal set; }

    /// <summary>The first entry that holds a request, in the order written; null when none does.</summary>
    public ulong? FirstRequestIndex { get; private set; }

    /// <summary>Whether something before the first request is damaged, a raft snapshot's record perhaps.</summary>
    public bool IsStartDamaged { get; private set; }

    /// <summary>Whether anything but a torn tail is damaged.</summary>
    public bool IsDamaged { get; internal set; }

    internal bool HasSnapshotAt(ulong index) => _snapshotIndexes.Contains(index);

    internal void TakeRequest(Entry entry)
    {
        if (FirstRequestIndex is null && entry.Kind == EntryKind.Normal && !entry.Data.IsEmpty)
        {
            FirstRequestIndex = entry.Index;
            IsStartDamaged = IsDamaged;
        }
    }

    internal void AddSnapshot(WalSnapshot snapshot)
    {
        _snapshots.Add(snapshot);
        _snapshotIndexes.Add(snapshot.Index);
    }

    /// <summary>
    /// Adds a change, which takes the place of those that it overwrote in the log: they are the last ones.
    /// </summary>
    internal void AddMemberChange(WalMemberChange change)
    {
        while (_memberChanges.Count > 0 && _memberChanges[^1].Index >= change.Index)
        {
            _memberChanges.RemoveAt(_memberChanges.Count - 1);
        }

        _memberChanges.Add(change);
    }
}
