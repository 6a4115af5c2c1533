using Salvor.Cloud;
using Salvor.Providers.Aws;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.InCloud;

namespace Salvor.Cli;

/// <summary>What protect sees to in the cloud. The cloud is not asked for anything before the first look.</summary>
internal sealed class CloudProtections : IDisposable
{
    /// <summary>Of a machine that is in no cloud, or of a cloud that nobody named.</summary>
    public static readonly CloudProtections None = new();

    private readonly CommandContext? _context;
    private readonly string? _instance;
    private readonly string? _region;
    private Task<CloudTarget>? _target;
    private AwsCloud? _cloud;

    public CloudProtections(
        string? instance, string? region, string cluster, bool withRecover, CommandContext context)
    {
        _instance = instance;
        _region = region;
        _context = context;
        Cluster = cluster;
        Items =
        [
            new AlarmProtection(AlarmKind.Reboot, cluster, withRecover, TargetAsync),
            new AlarmProtection(AlarmKind.Recover, cluster, withRecover, TargetAsync),
            new VolumeProtection(TargetAsync),
            new HostRecovery(cluster, withRecover, TargetAsync),
        ];
    }

    private CloudProtections()
    {
    }

    public IReadOnlyList<IProtection> Items { get; } = [];

    /// <summary>The cluster's name; null where no cloud is named.</summary>
    public string? Cluster { get; }

    /// <summary>Found once: what fails for one item fails for all, and each says so.</summary>
    public Task<CloudTarget> TargetAsync(CancellationToken ct) => _target ??= OpenAsync(_context!, ct);

    public void Dispose() => _cloud?.Dispose();

    private async Task<CloudTarget> OpenAsync(CommandContext context, CancellationToken ct)
    {
        var options = new AwsOptions { Region = _region };
        _cloud = await AwsCloud.OpenAsync(
            options, Environment.GetEnvironmentVariable, context.Entropy, context.Time, ct);
        var machine = _instance is { } named ? new MachineId(named) : (await _cloud.Identity.ReadAsync(ct)).Id;
        return new CloudTarget(
            machine, _cloud.Region, _cloud.Partition, _cloud.Machines, _cloud.Volumes, _cloud.Alarms);
    }
}
