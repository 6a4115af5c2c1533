using Salvor.Cli;
using Salvor.Metrics;
using Salvor.Recovery.Engine;
using Salvor.Recovery.Evidence;

namespace Salvor.Daemon;

/// <summary>What an agent's metrics tell beside the families of all daemons.</summary>
internal sealed class AgentMetrics(
    ClusterMetrics cluster, ChangesAtRisk risk, BackupAge backups, Func<bool?> isStoreReachable, DateTimeOffset started)
{
    public ClusterMetrics Cluster => cluster;

    public ChangesAtRisk Risk => risk;

    public BackupAge Backups => backups;

    /// <param name="seen">What the last look saw.</param>
    /// <param name="state">What the engine made of it.</param>
    /// <param name="etcdRevision">Where etcd is; null where it did not tell.</param>
    public void Note(Observations seen, EngineState state, long? etcdRevision)
    {
        cluster.Looked(seen);
        cluster.Decided(state);
        if (etcdRevision is { } revision)
        {
            risk.Etcd(revision);
        }
    }

    public string Write()
    {
        var page = new MetricsPage();
        IReadOnlyList<ClusterReading> clusters = [cluster.Read()];
        ProcessMetrics.Write(page, "agent", VersionCommand.Version, started, clusters);
        RecoveryMetrics.Write(page, clusters);
        var now = risk.Read();
        Add(page, "salvor_stored_revision", "The newest revision that can be restored.", risk.StoredRevision);
        Add(page, "salvor_etcd_revision", "The newest revision of etcd, as the last look saw it.", risk.EtcdRevision);
        Add(page, "salvor_revisions_at_risk", "Revisions that only etcd has.", now?.Revisions);
        Add(page, "salvor_seconds_at_risk", "How old the oldest change is that only etcd has, at most.",
            now?.Age.TotalSeconds);
        var (snapshot, verified) = backups.Read();
        Add(page, "salvor_last_snapshot_timestamp_seconds", "When the newest snapshot was stored, in Unix time.",
            snapshot is { } at ? MetricTime.Of(at) : null);
        Add(page, "salvor_last_verified_timestamp_seconds",
            "When the newest snapshot was stored that was verified in full, in Unix time.",
            verified is { } then ? MetricTime.Of(then) : null);
        Add(page, "salvor_store_reachable", "Whether the last heartbeat was stored: 1 for yes, 0 for no.",
            isStoreReachable() switch { null => null, true => 1, false => 0 });
        return page.ToString();
    }

    private void Add(MetricsPage page, string name, string help, double? value)
    {
        var family = page.Gauge(name, help);
        if (value is { } number)
        {
            family.Add(number, ("cluster", cluster.Cluster));
        }
    }
}
