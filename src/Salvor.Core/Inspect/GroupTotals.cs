using Salvor.Formats.Etcd;

namespace Salvor.Inspect;

/// <summary>Adds up keys by the name of their group.</summary>
internal sealed class GroupTotals
{
    private readonly Dictionary<string, GroupSize> _groups = new(StringComparer.Ordinal);

    public void Add(string group, KeyState state)
    {
        var before = _groups.GetValueOrDefault(group) ?? new GroupSize(group, 0, 0, 0);
        _groups[group] = new GroupSize(group, before.Keys + (state.IsLive ? 1 : 0), before.Entries + state.Entries,
            before.StoredBytes + state.StoredBytes);
    }

    public IReadOnlyList<GroupSize> Largest(int count) =>
        [.. _groups.Values.OrderByDescending(g => g.StoredBytes).ThenBy(g => g.Name, StringComparer.Ordinal)
            .Take(count)];
}
