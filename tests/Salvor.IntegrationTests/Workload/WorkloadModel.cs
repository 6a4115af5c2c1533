using System.Text;

namespace Salvor.IntegrationTests.Workload;

/// <summary>What a keyspace must hold after a series of operations, by the plainest means: a sorted map.</summary>
internal sealed class WorkloadModel
{
    private readonly SortedDictionary<string, (string Value, long Lease)> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<long> _leases = [];

    public WorkloadModel()
    {
    }

    private WorkloadModel(WorkloadModel other)
    {
        foreach (var (key, value) in other._keys)
        {
            _keys.Add(key, value);
        }

        _leases.UnionWith(other._leases);
    }

    public IReadOnlyCollection<string> Keys => _keys.Keys;

    public IReadOnlyCollection<long> Leases => _leases;

    public WorkloadModel Clone() => new(this);

    /// <summary>The keys and values, a line each.</summary>
    public string Show() => string.Join('\n', _keys.Select(k => $"{k.Key}={k.Value.Value} lease {k.Value.Lease:x}"));

    /// <summary>The keys, the lengths of their values in bytes, and their leases, a line each.</summary>
    public string ShowOutline() =>
        string.Join('\n', _keys.Select(k => Outline(k.Key, Encoding.UTF8.GetByteCount(k.Value.Value), k.Value.Lease)));

    /// <summary>A line of <see cref="ShowOutline"/>.</summary>
    public static string Outline(string key, int valueBytes, long lease) =>
        $"{key}: {valueBytes} bytes, lease {lease:x}";

    public bool Exists(string key) => _keys.ContainsKey(key);

    public string? ValueOf(string key) => _keys.TryGetValue(key, out var found) ? found.Value : null;

    public void Put(string key, string value, long lease) => _keys[key] = (value, lease);

    public void Delete(string key) => _keys.Remove(key);

    public void DeleteRange(string from, string to)
    {
        var within = _keys.Keys.Where(k => string.CompareOrdinal(k, from) >= 0 && string.CompareOrdinal(k, to) < 0);
        foreach (var key in within.ToList())
        {
            _keys.Remove(key);
        }
    }

    public void Grant(long lease) => _leases.Add(lease);

    public void Revoke(long lease)
    {
        _leases.Remove(lease);
        foreach (var key in _keys.Where(k => k.Value.Lease == lease).Select(k => k.Key).ToList())
        {
            _keys.Remove(key);
        }
    }
}
