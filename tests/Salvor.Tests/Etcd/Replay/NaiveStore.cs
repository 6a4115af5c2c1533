using Salvor.Formats.Etcd.Requests;

namespace Salvor.Tests.Etcd.Replay;

/// <summary>
/// The rules of etcd's store written down as plainly as can be: every entry in a list, every question a search.
/// </summary>
internal sealed class NaiveStore
{
    private readonly List<Entry> _entries = [];
    private readonly SortedSet<long> _leases = [];
    private long _head = 1;

    public string Show() => string.Join('\n', _entries.Select(e => e.IsTombstone
        ? $"{e.Main}.{e.Sub}t {e.Key}= c0 m0 v0 l0"
        : $"{e.Main}.{e.Sub} {e.Key}={e.Value} c{e.Create} m{e.Main} v{e.Version} l{e.Lease}"));

    public void Grant(long id) => _leases.Add(id);

    public void Revoke(long id)
    {
        if (_leases.Remove(id))
        {
            var sub = 0;
            foreach (var entry in Live().Where(e => e.Lease == id))
            {
                _entries.Add(new Entry(_head + 1, sub++, entry.Key, "", 0, 0, 0, IsTombstone: true));
            }

            _head += sub > 0 ? 1 : 0;
        }
    }

    public void Apply(NaiveTxn txn)
    {
        // A single request is a transaction without conditions. Decide and check on a frozen view, then change.
        var before = Live();
        if (!AreAllowed(txn, before))
        {
            return;
        }

        var sub = 0;
        Execute(txn, before, ref sub);
        _head += sub > 0 ? 1 : 0;
    }

    private static bool Holds(NaiveTxn txn, List<Entry> before) => txn.Compares.All(c =>
    {
        var keys = before.Where(e => c.Covers(e.Key)).ToList();
        return keys.Count == 0
            ? c.Target != CompareTarget.Value && c.IsMet(0L.CompareTo(c.Number))
            : keys.All(e => c.Target switch
            {
                CompareTarget.Value => c.IsMet(string.CompareOrdinal(e.Value, c.Text)),
                CompareTarget.Version => c.IsMet(e.Version.CompareTo(c.Number)),
                CompareTarget.CreateRevision => c.IsMet(e.Create.CompareTo(c.Number)),
                CompareTarget.ModRevision => c.IsMet(e.Main.CompareTo(c.Number)),
                _ => c.IsMet(e.Lease.CompareTo(c.Number)),
            });
    });

    private bool AreAllowed(NaiveTxn txn, List<Entry> before) => txn.Branch(Holds(txn, before)).All(op => op switch
    {
        { Nested: { } nested } => AreAllowed(nested, before),
        { IsPut: true } => (op.Lease == 0 || _leases.Contains(op.Lease))
            && (!op.KeepsValue || before.Exists(e => e.Key == op.Key)),
        _ => true,
    });

    private void Execute(NaiveTxn txn, List<Entry> before, ref int sub)
    {
        foreach (var op in txn.Branch(Holds(txn, before)))
        {
            if (op.Nested is { } nested)
            {
                Execute(nested, before, ref sub);
            }
            else if (op.IsPut)
            {
                var old = Live().FirstOrDefault(e => e.Key == op.Key);
                _entries.Add(new Entry(_head + 1, sub++, op.Key, op.KeepsValue ? old!.Value : op.Value,
                    old?.Create ?? _head + 1, (old?.Version ?? 0) + 1, op.Lease, IsTombstone: false));
            }
            else
            {
                foreach (var entry in Live().Where(e => op.Covers(e.Key)))
                {
                    _entries.Add(new Entry(_head + 1, sub++, entry.Key, "", 0, 0, 0, IsTombstone: true));
                }
            }
        }
    }

    private List<Entry> Live() =>
        [.. _entries.GroupBy(e => e.Key).Select(g => g.Last()).Where(e => !e.IsTombstone)
            .OrderBy(e => e.Key, StringComparer.Ordinal)];

    private sealed record Entry(long Main, int Sub, string Key, string Value, long Create, long Version, long Lease,
        bool IsTombstone);
}
