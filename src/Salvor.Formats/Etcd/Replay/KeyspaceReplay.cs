using System.Buffers;
using Salvor.Formats.Etcd.Requests;
using Salvor.Formats.Raft;

namespace Salvor.Formats.Etcd.Replay;

/// <summary>Applies the entries of a raft log to a keyspace exactly as etcd applied them.</summary>
/// <remarks>
/// <para>
/// That an entry is committed does not mean that it happened: etcd checks again when it applies (lease there? alarm
/// raised? revision compacted?), and a refused request consumes no revision. A replay that skips those checks shifts
/// every later revision.
/// </para>
/// <para>
/// One request that changes anything consumes one main revision; its changes count sub revisions from 0 over all nested
/// transactions. Deletes of nothing and reads consume none. Memory is bounded by the live keys, without their values.
/// </para>
/// <para>
/// Life: load the base (leases before keys), then <see cref="Apply"/> entries by ascending index until it says stop.
/// </para>
/// </remarks>
public sealed partial class KeyspaceReplay
{
    private const long LeaseTtlSecondsMax = 9_000_000_000;

    private readonly IReplayStore _store;
    private readonly ReplayOptions _options;
    private readonly LiveKeys _keys = new();
    private readonly LeaseTable _leases = new();
    private readonly SortedSet<(ulong Member, AlarmKind Kind)> _alarms = [];
    private readonly ArrayBufferWriter<byte> _encoded = new();
    private readonly ArrayBufferWriter<byte> _readBack = new();

    // The sub revision of the next change of the request being applied.
    private long _nextSub;
    private bool _isBaseValueLost;

    public KeyspaceReplay(IReplayStore store, ReplayOptions options)
    {
        _store = store;
        _options = options;
    }

    /// <summary>The newest main revision; 1 in an empty store.</summary>
    public long HeadRevision { get; private set; } = 1;

    /// <summary>The main revision of the last compaction; -1 when there was none.</summary>
    public long CompactRevision { get; private set; } = -1;

    /// <summary>The last raft index applied, or refused, or found to be without effect.</summary>
    public ulong ConsistentIndex { get; private set; }

    /// <summary>The term of that entry; 0 when unknown.</summary>
    public ulong Term { get; private set; }

    public bool IsAuthEnabled { get; private set; }

    public ReplayCounts Counts { get; } = new();

    public int LiveKeyCount => _keys.Count;

    /// <summary>The leases, in the order of their bucket.</summary>
    public IEnumerable<LeaseRecord> Leases => _leases.All;

    /// <summary>The alarms that are raised.</summary>
    public IEnumerable<AlarmRecord> Alarms => _alarms.Select(a => new AlarmRecord(new MemberId(a.Member), a.Kind));

    /// <summary>Begins with a stored keyspace instead of an empty one.</summary>
    /// <param name="headRevision">Its newest main revision.</param>
    /// <param name="meta">
    /// Its meta bucket. A compaction that was under way counts as done, as etcd does it at its start.
    /// </param>
    /// <param name="isAuthEnabled">Whether authentication is on.</param>
    public void LoadBase(long headRevision, BackendMeta meta, bool isAuthEnabled)
    {
        HeadRevision = headRevision;
        var compacted = meta.CompactRevision;
        CompactRevision = compacted == 0 ? -1 : compacted;
        ConsistentIndex = meta.ConsistentIndex;
        Term = meta.Term ?? 0;
        IsAuthEnabled = isAuthEnabled;
    }

    public void LoadLease(LeaseRecord lease) => _leases.TryAdd(lease);

    public void LoadAlarm(AlarmRecord alarm) => _alarms.Add((alarm.Member.Value, alarm.Kind));

    /// <summary>Loads a live key, after the leases.</summary>
    public void LoadKey(byte[] key, KeyState state)
    {
        var live = new LiveKey(key)
        {
            Last = state.Last,
            CreateRevision = state.CreateRevision,
            Version = state.Version,
            Lease = state.Lease,
        };
        _keys.Add(live);
        _leases.Attach(live);
    }

    /// <summary>
    /// Applies the next entry. After anything but <see cref="ReplayStop.None"/> the state is as before it, and stays.
    /// </summary>
    public ReplayStop Apply(Entry entry)
    {
        if (entry.Index == 0 || entry.Index - 1 != ConsistentIndex)
        {
            return ReplayStop.OutOfOrder;
        }

        var stop = entry.Kind == EntryKind.Normal && !entry.Data.IsEmpty
            ? ApplyRequest(entry.Data)
            : CountWithoutEffect();
        if (stop == ReplayStop.None)
        {
            ConsistentIndex = entry.Index;
            Term = entry.Term;
        }

        return stop;
    }

    private ReplayStop ApplyRequest(ReadOnlySpan<byte> data)
    {
        if (!RaftRequest.TryParse(data, out var request))
        {
            return ReplayStop.MalformedRequest;
        }

        if (request.Kind.IsWithoutEffect() || request.Kind == RaftRequestKind.LeaseCheckpoint)
        {
            // A checkpoint only shortens what a lease has left, and every lease starts afresh with the server.
            return CountWithoutEffect();
        }

        if (IsAuthEnabled || request.Kind.ChangesAuth())
        {
            return IsAuthEnabled ? ReplayStop.AuthEnabled : ReplayStop.AuthChanged;
        }

        if (HeadRevision == long.MaxValue)
        {
            return ReplayStop.RevisionsExhausted;
        }

        _nextSub = 0;
        _isBaseValueLost = false;
        var (stop, refusal) = Dispatch(request, out var changed);
        if (stop != ReplayStop.None || _isBaseValueLost)
        {
            return stop != ReplayStop.None ? stop : ReplayStop.BaseValueLost;
        }

        HeadRevision += _nextSub > 0 ? 1 : 0;
        Count(refusal, changed || _nextSub > 0);
        return ReplayStop.None;
    }

    private (ReplayStop Stop, ReplayRefusal Refusal) Dispatch(RaftRequest request, out bool changed)
    {
        changed = false;
        if (HasAlarm(AlarmKind.Corrupt) && request.Kind != RaftRequestKind.Alarm)
        {
            return (ReplayStop.None, ReplayRefusal.CorruptAlarm);
        }

        switch (request.Kind)
        {
            case RaftRequestKind.Put when PutRequest.TryParse(request.Body, out var put):
                return (ReplayStop.None, HasAlarm(AlarmKind.NoSpace) ? ReplayRefusal.NoSpaceAlarm : PutOne(put));
            case RaftRequestKind.DeleteRange when DeleteRangeRequest.TryParse(request.Body, out var delete):
                DeleteAll(_keys.In(delete.Range));
                return default;
            case RaftRequestKind.Txn when TxnRequest.TryParse(request.Body, out var txn):
                return (ReplayStop.None, ApplyTxn(txn));
            case RaftRequestKind.Compaction when CompactionRequest.TryParse(request.Body, out var compaction):
                return (ReplayStop.None, Compact(compaction.Revision, out changed));
            case RaftRequestKind.LeaseGrant when LeaseGrantRequest.TryParse(request.Body, out var grant):
                return (ReplayStop.None, GrantLease(grant, out changed));
            case RaftRequestKind.LeaseRevoke when LeaseRevokeRequest.TryParse(request.Body, out var revoke):
                return (ReplayStop.None, RevokeLease(revoke.LeaseId, out changed));
            case RaftRequestKind.Alarm when AlarmRequest.TryParse(request.Body, out var alarm):
                changed = ChangeAlarm(alarm);
                return default;
            default:
                return (request.Kind == RaftRequestKind.Unknown
                    ? ReplayStop.UnknownRequest
                    : ReplayStop.MalformedRequest, default);
        }
    }

    private ReplayStop CountWithoutEffect()
    {
        Counts.WithoutEffect++;
        return ReplayStop.None;
    }

    private void Count(ReplayRefusal refusal, bool changed)
    {
        if (refusal != ReplayRefusal.None)
        {
            Counts.Refuse(refusal);
        }
        else if (changed)
        {
            Counts.Applied++;
        }
        else
        {
            Counts.WithoutEffect++;
        }
    }

    private bool HasAlarm(AlarmKind kind) => _alarms.Any(a => a.Kind == kind);

    private bool ChangeAlarm(AlarmRequest alarm) => alarm.Action switch
    {
        AlarmAction.Activate when alarm.Alarm != AlarmKind.None => _alarms.Add((alarm.Member.Value, alarm.Alarm)),
        AlarmAction.Deactivate => _alarms.Remove((alarm.Member.Value, alarm.Alarm)),
        _ => false,
    };

    private ReplayRefusal Compact(long revision, out bool changed)
    {
        changed = false;
        if (revision <= CompactRevision || revision > HeadRevision)
        {
            return revision <= CompactRevision ? ReplayRefusal.Compacted : ReplayRefusal.FutureRevision;
        }

        CompactRevision = revision;
        changed = true;
        return ReplayRefusal.None;
    }
}
