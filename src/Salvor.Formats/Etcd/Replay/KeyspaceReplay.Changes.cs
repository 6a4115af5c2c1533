using Salvor.Formats.Etcd.Requests;

namespace Salvor.Formats.Etcd.Replay;

// The changes of keys and leases, each appended to the store as it happens.
public sealed partial class KeyspaceReplay
{
    private ReplayRefusal CheckPut(PutRequest put)
    {
        var live = put.IgnoreValue || put.IgnoreLease ? _keys.Find(put.Key) : null;
        if ((put.IgnoreValue || put.IgnoreLease) && live is null)
        {
            return ReplayRefusal.KeyNotFound;
        }

        if (put.IgnoreValue)
        {
            TryReadValue(live!); // Now, before anything is changed: a value that is lost stops the replay.
        }

        return put.LeaseId != 0 && !_leases.Contains(put.LeaseId) ? ReplayRefusal.LeaseNotFound : ReplayRefusal.None;
    }

    private ReplayRefusal PutOne(PutRequest put)
    {
        var refusal = CheckPut(put);
        if (refusal == ReplayRefusal.None && !_isBaseValueLost)
        {
            ExecutePut(put);
        }

        return refusal;
    }

    private void ExecutePut(PutRequest put)
    {
        var live = _keys.Find(put.Key);
        if (put.IgnoreValue && (live is null || !TryReadValue(live)))
        {
            // etcd's own checks let no put through that keeps the value of a key which its transaction deletes.
            _isBaseValueLost = true;
            return;
        }

        var lease = put.IgnoreLease ? live?.Lease ?? 0 : put.LeaseId;
        var main = HeadRevision + 1;
        if (live is null)
        {
            live = new LiveKey(put.Key.ToArray()) { CreateRevision = main };
            _keys.Add(live);
        }

        _leases.Detach(live);
        live.Last = new Revision(main, _nextSub++);
        live.Version = unchecked(live.Version + 1); // A damaged base may hold any; etcd counts on likewise.
        live.Lease = lease;
        _leases.Attach(live);
        live.Place = Append(new RevisionKey(live.Last, IsTombstone: false), new KeyValue
        {
            Key = live.Key,
            CreateRevision = live.CreateRevision,
            ModRevision = main,
            Version = live.Version,
            Value = put.IgnoreValue ? LastReadValue : put.Value,
            Lease = lease,
        });
    }

    private void DeleteAll(List<LiveKey> keys)
    {
        foreach (var key in keys)
        {
            var revision = new Revision(HeadRevision + 1, _nextSub++);
            Append(new RevisionKey(revision, IsTombstone: true), new KeyValue { Key = key.Key });
            _leases.Detach(key);
            _keys.Remove(key);
        }
    }

    private ReplayRefusal GrantLease(LeaseGrantRequest grant, out bool changed)
    {
        changed = false;
        if (HasAlarm(AlarmKind.NoSpace))
        {
            return ReplayRefusal.NoSpaceAlarm;
        }

        if (grant.LeaseId == 0 || grant.TtlSeconds > LeaseTtlSecondsMax)
        {
            return grant.LeaseId == 0 ? ReplayRefusal.LeaseNotFound : ReplayRefusal.LeaseTtlTooLarge;
        }

        var ttl = Math.Max(grant.TtlSeconds, _options.LeaseTtlSecondsMin);
        changed = _leases.TryAdd(new LeaseRecord(grant.LeaseId, ttl, RemainingTtlSeconds: 0));
        return changed ? ReplayRefusal.None : ReplayRefusal.LeaseExists;
    }

    private ReplayRefusal RevokeLease(long id, out bool changed)
    {
        changed = false;
        if (_leases.Remove(id) is not { } keys)
        {
            return ReplayRefusal.LeaseNotFound;
        }

        DeleteAll(keys);
        changed = true;
        return ReplayRefusal.None;
    }

    private long Append(RevisionKey revision, KeyValue content)
    {
        _encoded.ResetWrittenCount();
        content.Write(_encoded);
        return _store.Append(revision, _encoded.WrittenSpan);
    }

    /// <summary>Fetches a key's stored entry, for <see cref="LastReadValue"/>.</summary>
    private bool TryReadValue(LiveKey key)
    {
        _readBack.ResetWrittenCount();
        var found = key.Place == LiveKey.InBase
            ? _store.TryReadBase(key.Last, _readBack)
            : _store.TryReadBack(key.Place, _readBack);
        if (found && KeyValue.TryRead(_readBack.WrittenSpan, out var content) && content.Key.SequenceEqual(key.Key))
        {
            return true;
        }

        _isBaseValueLost = true;
        return false;
    }

    private ReadOnlySpan<byte> LastReadValue => KeyValue.TryRead(_readBack.WrittenSpan, out var content)
        ? content.Value
        : default;
}
