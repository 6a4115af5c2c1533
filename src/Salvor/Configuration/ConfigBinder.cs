using System.Globalization;
using Salvor.Errors;
using Salvor.Platform;
using YamlDotNet.RepresentationModel;

namespace Salvor.Configuration;

/// <summary>Turns the file into <see cref="SalvorConfig"/>: the only place that knows how its keys are written.
/// </summary>
/// <remarks><c>docs/config.schema.json</c> says the same for editors; a test holds the two together.</remarks>
internal static class ConfigBinder
{
    /// <exception cref="SalvorException">The file can't be read, or has errors: all of them are said.</exception>
    public static SalvorConfig Load(IFileSystem fileSystem, string path)
    {
        var faults = new ConfigFaults();
        var config = Bind(Node.YamlDocument.Load(fileSystem, path), faults, new HashSet<string>());
        faults.AddAll(config.Validate());
        return faults.IsEmpty ? config : throw Wrong(path, [.. faults.ToImmutable().Distinct()]);
    }

    /// <summary>Takes every key that there is from the tree; what is missing or malformed gets its default.</summary>
    public static SalvorConfig Bind(YamlMappingNode? root, ConfigFaults faults, ISet<string> known)
    {
        var file = new ConfigSection("", root, faults, known);
        var config = new SalvorConfig
        {
            Etcd = BindEtcd(file.Section("etcd")),
            Repository = BindRepository(file.Section("repository")),
            Kit = BindKit(file.Section("kit")),
            Log = BindLog(file.Section("log")),
            Snapshots = BindSnapshots(file.Section("snapshots")),
            Retention = BindRetention(file.Section("retention")),
            Recovery = BindRecovery(file.Section("recovery")),
            Metrics = BindMetrics(file.Section("metrics")),
        };
        file.Close();
        return config;
    }

    /// <summary>One error for all that is wrong: each on a line of its own where there are several.</summary>
    public static SalvorException Wrong(string source, IReadOnlyList<string> faults)
    {
        var message = faults.Count == 1
            ? $"{source}: {faults[0]}"
            : string.Create(CultureInfo.InvariantCulture,
                $"{source} has {faults.Count} errors:\n  {string.Join("\n  ", faults)}");
        return new SalvorException(ErrorCode.Usage, message);
    }

    private static EtcdConfig BindEtcd(ConfigSection section)
    {
        var etcd = new EtcdConfig
        {
            Endpoints = section.List("endpoints"),
            CaFile = section.Text("caFile"),
            CertificateFile = section.Text("certificateFile"),
            KeyFile = section.Text("keyFile"),
            ManifestFile = section.Text("manifestFile"),
            DataDirectory = section.Text("dataDirectory"),
        };
        section.Close();
        return etcd;
    }

    private static RepositoryConfig BindRepository(ConfigSection section)
    {
        var repository = new RepositoryConfig
        {
            Location = section.Text("location"),
            KeyFile = section.Text("keyFile"),
            PassphraseFile = section.Text("passphraseFile"),
            S3 = BindS3(section.Section("s3")),
        };
        section.Close();
        return repository;
    }

    private static S3Config BindS3(ConfigSection section)
    {
        var s3 = new S3Config
        {
            Endpoint = section.Text("endpoint"),
            Region = section.Text("region"),
            PathStyle = section.Switch("pathStyle"),
            CaFile = section.Text("caFile"),
            Profile = section.Text("profile"),
        };
        section.Close();
        return s3;
    }

    private static KitConfig BindKit(ConfigSection section)
    {
        var kit = new KitConfig { Root = section.Text("root"), Extra = section.List("extra") };
        section.Close();
        return kit;
    }

    private static LogConfig BindLog(ConfigSection section)
    {
        var defaults = new LogConfig();
        var log = new LogConfig
        {
            FlushAfterMs = section.Count("flushAfterMs", defaults.FlushAfterMs),
            FlushBytes = section.Number("flushBytes", defaults.FlushBytes),
            SpoolDirectory = section.Text("spoolDirectory"),
            SpoolBytes = section.Number("spoolBytes", defaults.SpoolBytes),
        };
        section.Close();
        return log;
    }

    private static SnapshotsConfig BindSnapshots(ConfigSection section)
    {
        var snapshots = new SnapshotsConfig
        {
            EveryMinutes = section.Count("everyMinutes", new SnapshotsConfig().EveryMinutes),
        };
        section.Close();
        return snapshots;
    }

    private static RetentionConfig BindRetention(ConfigSection section)
    {
        var defaults = new RetentionConfig();
        var retention = new RetentionConfig
        {
            KeepLast = section.Count("keepLast", defaults.KeepLast),
            Hourly = section.Count("hourly", defaults.Hourly),
            Daily = section.Count("daily", defaults.Daily),
            Weekly = section.Count("weekly", defaults.Weekly),
            Monthly = section.Count("monthly", defaults.Monthly),
            ContinuousHours = section.Count("continuousHours", defaults.ContinuousHours),
        };
        section.Close();
        return retention;
    }

    private static RecoveryConfig BindRecovery(ConfigSection section)
    {
        var recovery = new RecoveryConfig
        {
            Mode = section.Text("mode"),
            Guard = BindGuard(section.Section("guard")),
        };
        section.Close();
        return recovery;
    }

    private static MetricsConfig BindMetrics(ConfigSection section)
    {
        var metrics = new MetricsConfig { Listen = section.Text("listen") };
        section.Close();
        return metrics;
    }

    private static GuardConfig BindGuard(ConfigSection section)
    {
        var guard = new GuardConfig
        {
            Name = section.Text("name"),
            Cluster = section.Text("cluster"),
            Endpoint = section.Text("endpoint"),
            CaFile = section.Text("caFile"),
            Cloud = section.Text("cloud"),
            Region = section.Text("region"),
            InstanceId = section.Text("instanceId"),
            EtcdVolume = section.Text("etcdVolume"),
            EtcdDevice = section.Text("etcdDevice"),
            MinuteMs = section.Count("minuteMs", GuardConfig.MinuteMsDefault),
        };
        section.Close();
        return guard;
    }
}
