namespace Salvor.Formats.Etcd.Replay;

/// <summary>What became of the entries of a log.</summary>
public sealed class ReplayCounts
{
    private readonly Dictionary<ReplayRefusal, long> _refused = [];

    /// <summary>Requests that changed keys, leases, alarms or the compaction revision.</summary>
    public long Applied { get; internal set; }

    /// <summary>Entries without effect: reads, membership, deletes of nothing, leader changes.</summary>
    public long WithoutEffect { get; internal set; }

    /// <summary>Requests that etcd refused when it applied them.</summary>
    public long Refused => _refused.Values.Sum();

    /// <summary>Those by reason.</summary>
    public IReadOnlyDictionary<ReplayRefusal, long> RefusedByReason => _refused;

    internal void Refuse(ReplayRefusal reason) => _refused[reason] = _refused.GetValueOrDefault(reason) + 1;
}
