using Salvor.Formats.Etcd.Requests;

namespace Salvor.Formats.Etcd.Replay;

// Transactions: decide the whole tree of branches on the state before, check all chosen operations, only then change
// anything.
public sealed partial class KeyspaceReplay
{
    // Which branch each transaction of the tree takes, in the order in which they are met.
    private readonly List<bool> _path = [];
    private int _pathPosition;

    private ReplayRefusal ApplyTxn(TxnRequest txn)
    {
        if (HasAlarm(AlarmKind.NoSpace) && HasPut(txn))
        {
            return ReplayRefusal.NoSpaceAlarm;
        }

        _path.Clear();
        Decide(txn);
        _pathPosition = 0;
        var refusal = CheckAll(txn);
        if (refusal == ReplayRefusal.None && !_isBaseValueLost)
        {
            _pathPosition = 0;
            Execute(txn);
        }

        return refusal;
    }

    /// <summary>
    /// Whether either branch puts anything. Nested transactions are not looked into: etcd's reckoning of space does
    /// not.
    /// </summary>
    private static bool HasPut(TxnRequest txn) => HasPut(txn.Operations(success: true))
        || HasPut(txn.Operations(success: false));

    private static bool HasPut(TxnParts operations)
    {
        foreach (var part in operations)
        {
            if (RequestOp.TryParse(part, out var op) && op.Kind == RequestOpKind.Put)
            {
                return true;
            }
        }

        return false;
    }

    private void Decide(TxnRequest txn)
    {
        var success = true;
        foreach (var part in txn.Compares)
        {
            success = success && Compare.TryParse(part, out var compare) && Holds(compare);
        }

        _path.Add(success);
        foreach (var part in txn.Operations(success))
        {
            if (IsNested(part, out var nested))
            {
                Decide(nested);
            }
        }
    }

    private static bool IsNested(ReadOnlySpan<byte> part, out TxnRequest nested)
    {
        nested = default;
        return RequestOp.TryParse(part, out var op) && op.Kind == RequestOpKind.Txn
            && TxnRequest.TryParse(op.Body, out nested);
    }

    private ReplayRefusal CheckAll(TxnRequest txn)
    {
        var refusal = ReplayRefusal.None;
        foreach (var part in txn.Operations(_path[_pathPosition++]))
        {
            _ = RequestOp.TryParse(part, out var op);
            var found = op.Kind switch
            {
                RequestOpKind.Put when PutRequest.TryParse(op.Body, out var put) => CheckPut(put),
                RequestOpKind.Range when RangeRequest.TryParse(op.Body, out var range) => CheckRange(range),
                RequestOpKind.Txn when TxnRequest.TryParse(op.Body, out var nested) => CheckAll(nested),
                _ => ReplayRefusal.None,
            };
            refusal = refusal == ReplayRefusal.None ? found : refusal;
        }

        return refusal;
    }

    private ReplayRefusal CheckRange(RangeRequest range)
    {
        if (range.Revision == 0)
        {
            return ReplayRefusal.None;
        }

        if (range.Revision > HeadRevision)
        {
            return ReplayRefusal.FutureRevision;
        }

        return range.Revision < CompactRevision ? ReplayRefusal.Compacted : ReplayRefusal.None;
    }

    private void Execute(TxnRequest txn)
    {
        foreach (var part in txn.Operations(_path[_pathPosition++]))
        {
            _ = RequestOp.TryParse(part, out var op);
            switch (op.Kind)
            {
                case RequestOpKind.Put when PutRequest.TryParse(op.Body, out var put):
                    ExecutePut(put);
                    break;
                case RequestOpKind.DeleteRange when DeleteRangeRequest.TryParse(op.Body, out var delete):
                    DeleteAll(_keys.In(delete.Range));
                    break;
                case RequestOpKind.Txn when TxnRequest.TryParse(op.Body, out var nested):
                    Execute(nested);
                    break;
            }
        }
    }

    /// <summary>A range holds when each of its keys does; a range without keys is like one missing key.</summary>
    private bool Holds(Compare compare)
    {
        var keys = _keys.In(compare.Range);
        if (keys.Count == 0)
        {
            // A missing key's numbers are 0, but no value, not even an empty one, equals a missing value.
            return compare.Target != CompareTarget.Value
                && Holds(compare.Result, compare.Target > CompareTarget.Lease ? 0 : 0L.CompareTo(compare.Number));
        }

        foreach (var key in keys)
        {
            if (!Holds(compare.Result, Order(key, compare)))
            {
                return false;
            }
        }

        return true;
    }

    private int Order(LiveKey key, Compare compare) => compare.Target switch
    {
        CompareTarget.Version => key.Version.CompareTo(compare.Number),
        CompareTarget.CreateRevision => key.CreateRevision.CompareTo(compare.Number),
        CompareTarget.ModRevision => key.Last.Main.CompareTo(compare.Number),
        CompareTarget.Lease => key.Lease.CompareTo(compare.Number),
        CompareTarget.Value => TryReadValue(key) ? LastReadValue.SequenceCompareTo(compare.Value) : 0,
        _ => 0,
    };

    private static bool Holds(CompareResult result, int order) => result switch
    {
        CompareResult.Equal => order == 0,
        CompareResult.NotEqual => order != 0,
        CompareResult.Greater => order > 0,
        CompareResult.Less => order < 0,
        _ => true,
    };
}
