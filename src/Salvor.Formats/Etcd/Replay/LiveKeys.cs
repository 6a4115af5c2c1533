using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd.Requests;

namespace Salvor.Formats.Etcd.Replay;

/// <summary>The keys that exist, found by key, and in order once a request asks for a range.</summary>
/// <remarks>
/// Most logs, Kubernetes' among them, never touch a range. So the order is kept only from the first request on that
/// needs it.
/// </remarks>
internal sealed class LiveKeys
{
    // Stands after every key. The empty key that a revision bump leaves can't be reached by any range, as in etcd.
    private static readonly LiveKey End = new([]);

    private readonly Dictionary<byte[], LiveKey> _keys = new(ByteKeyComparer.Instance);
    private readonly Dictionary<byte[], LiveKey>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private SortedSet<LiveKey>? _ordered;

    public LiveKeys() => _lookup = _keys.GetAlternateLookup<ReadOnlySpan<byte>>();

    public int Count => _keys.Count;

    public LiveKey? Find(ReadOnlySpan<byte> key) => _lookup.TryGetValue(key, out var found) ? found : null;

    public void Add(LiveKey key)
    {
        _keys.Add(key.Key, key);
        _ordered?.Add(key);
    }

    public void Remove(LiveKey key)
    {
        _keys.Remove(key.Key);
        _ordered?.Remove(key);
    }

    /// <summary>The keys of a range, in byte order, as they are now.</summary>
    public List<LiveKey> In(KeyRange range)
    {
        if (range.IsSingle)
        {
            return Find(range.Key) is { } key ? [key] : [];
        }

        var from = new LiveKey(range.Key.ToArray());
        var to = range.IsUnbounded ? End : new LiveKey(range.RangeEnd.ToArray());
        if (!range.IsUnbounded && range.Key.SequenceCompareTo(range.RangeEnd) >= 0)
        {
            return [];
        }

        _ordered ??= new SortedSet<LiveKey>(_keys.Values, Comparer<LiveKey>.Create(Compare));
        return [.. _ordered.GetViewBetween(from, to).Where(k => !k.Key.AsSpan().SequenceEqual(to.Key))];
    }

    private static int Compare(LiveKey? left, LiveKey? right)
    {
        if (ReferenceEquals(left, right))
        {
            return 0;
        }

        if (ReferenceEquals(left, End) || ReferenceEquals(right, End))
        {
            return ReferenceEquals(left, End) ? 1 : -1;
        }

        return left!.Key.AsSpan().SequenceCompareTo(right!.Key);
    }
}
