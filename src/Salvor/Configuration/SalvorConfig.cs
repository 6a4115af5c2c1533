using System.Collections.Immutable;

namespace Salvor.Configuration;

/// <summary>All that salvor is told about one control plane, by one file. What it leaves out is the default.</summary>
public sealed record SalvorConfig
{
    /// <summary>Where it is looked for when nobody names another file.</summary>
    public const string DefaultPath = "/etc/salvor/config.yaml";

    public EtcdConfig Etcd { get; init; } = new();

    public RepositoryConfig Repository { get; init; } = new();

    public KitConfig Kit { get; init; } = new();

    public LogConfig Log { get; init; } = new();

    public SnapshotsConfig Snapshots { get; init; } = new();

    public RetentionConfig Retention { get; init; } = new();

    public RecoveryConfig Recovery { get; init; } = new();

    public MetricsConfig Metrics { get; init; } = new();

    /// <summary>All that is wrong, each with its path, as in "log.flushAfterMs: 5 is outside 50..60000."</summary>
    public ImmutableArray<string> Validate() =>
    [
        .. Etcd.Validate(), .. Repository.Validate(), .. Kit.Validate(), .. Log.Validate(), .. Snapshots.Validate(),
        .. Retention.Validate(), .. Recovery.Validate(), .. Metrics.Validate(),
    ];
}
