namespace Salvor.Formats.Etcd.Replay;

/// <summary>The leases, each with the keys that end with it.</summary>
internal sealed class LeaseTable
{
    private readonly SortedDictionary<ulong,
        Item> _leases = []; // In the bucket's order: ids as unsigned big-endian numbers.

    public IEnumerable<LeaseRecord> All => _leases.Values.Select(l => l.Record);

    public bool Contains(long id) => _leases.ContainsKey(unchecked((ulong)id));

    public bool TryAdd(LeaseRecord lease) => _leases.TryAdd(unchecked((ulong)lease.Id), new Item(lease, []));

    public void Attach(LiveKey key) => key.IsAttached = _leases.TryGetValue(unchecked((ulong)key.Lease), out var lease)
        && lease.Keys.Add(key);

    public void Detach(LiveKey key)
    {
        if (key.IsAttached && _leases.TryGetValue(unchecked((ulong)key.Lease), out var lease))
        {
            lease.Keys.Remove(key);
        }

        key.IsAttached = false;
    }

    /// <summary>Removes a lease and gives its keys in byte order; null when there is no such lease.</summary>
    public List<LiveKey>? Remove(long id)
    {
        if (!_leases.Remove(unchecked((ulong)id), out var lease))
        {
            return null;
        }

        var keys = lease.Keys.ToList();
        keys.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        return keys;
    }

    private sealed record Item(LeaseRecord Record, HashSet<LiveKey> Keys);
}
