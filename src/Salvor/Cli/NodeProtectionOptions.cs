using System.CommandLine;
using Salvor.Cloud;
using Salvor.Errors;
using Salvor.Node;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Cluster;
using Salvor.Readiness.Protect.DataVolume;
using Salvor.Readiness.Protect.Endpoint;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Ladder;

namespace Salvor.Cli;

/// <summary>The options that say where the machine is that protect works on.</summary>
internal sealed class NodeProtectionOptions
{
    private const string EndpointPrefix = "endpoint-";

    private static readonly string[] InstalledPaths = ["/usr/local/bin/salvor", "/usr/bin/salvor"];

    private readonly Option<string> _root = new("--root")
    {
        Description = "Where the machine's root directory is.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "/",
    };

    private readonly Option<string> _manifest = new("--manifest")
    {
        Description = "etcd's static-pod manifest, below the root directory.",
        HelpName = "FILE",
        DefaultValueFactory = _ => EtcdManifest.DefaultPath,
    };

    private readonly Option<string> _kubeconfig = new("--kubeconfig")
    {
        Description = "The kubeconfig of an administrator, below the root directory.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Kubeconfig.DefaultPath,
    };

    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "Point everybody at a name of the API that stays when the control plane moves (port: 6443).",
        HelpName = "NAME[:PORT]",
    };

    private readonly Option<string?> _etcdVolume = new("--etcd-volume")
    {
        Description = "Have etcd's data on a volume of its own: a blank device, with --cloud a volume's id or new, or "
            + "nothing where it is mounted already.",
        HelpName = "DEVICE|vol-ID|new",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<RecoveryMode?> _agent = new("--agent")
    {
        Description = "Run salvor agent as a unit, in this mode: advise says what it would do, automatic does it.",
        HelpName = "advise|approve|automatic",
        CustomParser = ModeOption.Parse,
    };

    private readonly ConfigOption _config = new();

    public void AddTo(Command command)
    {
        _config.AddTo(command);
        command.Options.Add(_agent);
        command.Options.Add(_etcdVolume);
        command.Options.Add(_endpoint);
        command.Options.Add(_root);
        command.Options.Add(_manifest);
        command.Options.Add(_kubeconfig);
    }

    /// <summary>
    /// What there is to see to, in order: the endpoint's items first, while no restart of etcd is under way, and last
    /// to first when they are undone.
    /// </summary>
    public IReadOnlyList<IProtection> Read(
        ParseResult parse, ProtectionAim aim, CloudProtections cloud, CommandContext context)
    {
        var machine = new NodeFiles(context.FileSystem, Path.GetFullPath(parse.GetRequiredValue(_root)));
        var record = new ProtectionRecord(machine);
        var endpoint = parse.GetValue(_endpoint) is { } named ? ApiEndpoint.Parse(named) : null;
        var work = new EndpointWork(machine, record, endpoint, context.Time)
        {
            KubeconfigPath = parse.GetRequiredValue(_kubeconfig),
        };
        var manifest = parse.GetRequiredValue(_manifest);
        var isWorker = !work.IsControlPlane && machine.TryRead(manifest) is null
            && machine.TryRead(EndpointInKubeconfig.KubeletPath) is not null;
        var isAboutEndpoint = aim == ProtectionAim.Protect ? endpoint is not null : record.HasAny(EndpointPrefix);
        var ofEndpoint = isAboutEndpoint ? EndpointItems(work, isWorker, context) : [];
        var volume = new VolumeWork(
            machine, record, context.Processes, context.CpuPool, context.Entropy, context.Time);
        var pod = new EtcdPod(machine, manifest, context.Time);
        if (EtcdVolume.IsUnfinished(record))
        {
            // Nothing else is looked at in the middle of a move: etcd's manifest may be away, and comes back first.
            return [new EtcdVolume(volume, pod, source: null)];
        }

        return
        [
            .. aim == ProtectionAim.Protect ? ofEndpoint : ofEndpoint.Reverse(),
            // A worker has no etcd to protect. Whoever says nothing of an endpoint is told that this is one.
            .. isWorker && isAboutEndpoint
                ? (IProtection[])[]
                : [
                    // What goes through the API comes before what restarts etcd, without which the API fails.
                    new KubeadmConfig(machine, record, work.KubeconfigPath, KubernetesApi.Of),
                    new EtcdInterlock(machine, record, manifest),
                ],
            new KubeletUnit(machine, context.Processes),
            .. isWorker ? (IProtection[])[] : GateItems(parse, machine, pod, aim, context),
            // After the interlock, which keeps etcd from starting on a mount point without its volume.
            .. parse.GetResult(_etcdVolume) is { Implicit: false }
                ? (IProtection[])[new EtcdVolume(volume, pod, SourceOf(parse.GetValue(_etcdVolume), volume, cloud))]
                : [],
        ];
    }

    /// <summary>
    /// The gate after the stamp without which it can't tell whose the data is, and the agent where it is asked for, or
    /// is there.
    /// </summary>
    private IProtection[] GateItems(
        ParseResult parse, NodeFiles machine, EtcdPod pod, ProtectionAim aim, CommandContext context)
    {
        var named = _config.PathOf(parse) is { } path ? Path.GetFullPath(path) : null;
        var parts = GateParts.Load(named, machine.PathOf(""), context);
        return
        [
            new NodeStamp(
                machine, pod, parts.HasRepository, (cluster, ct) => parts.TimelineOfAsync(cluster, context, ct),
                context.Time),
            new GateDropIn(machine, context.Processes, ProgramOn(machine), named, parts.HasRepository),
            .. parse.GetValue(_agent) is not null || aim == ProtectionAim.Remove
                ? (IProtection[])[new AgentUnit(machine, context.Processes, AgentText(parse, machine, named, parts))]
                : [],
        ];
    }

    private string? AgentText(ParseResult parse, NodeFiles machine, string? config, GateParts parts) =>
        ProgramOn(machine) is { } program && parse.GetValue(_agent) is { } mode && parts.HasRepository()
            ? AgentUnit.TextOf(program, config, mode.ToString().ToLowerInvariant())
            : null;

    /// <summary>Where salvor is on the machine: this very program on this one, an installed one elsewhere.</summary>
    private static string? ProgramOn(NodeFiles machine) => machine.IsThisMachine
        ? Environment.ProcessPath
        : InstalledPaths.FirstOrDefault(path => machine.FileSystem.Stat(machine.PathOf(path)) is { IsFile: true });

    private static IVolumeSource? SourceOf(string? named, VolumeWork work, CloudProtections cloud)
    {
        if (named is null || named.StartsWith('/'))
        {
            return named is null ? null : new GivenDevice(work.Machine, work.Record, work.Processes, named);
        }

        var isVolume = named == "new" || named.StartsWith("vol-", StringComparison.Ordinal);
        return isVolume && cloud.Cluster is { } cluster
            ? new CloudDevice(
                work.Machine, work.Record, cloud.TargetAsync, named == "new" ? null : new VolumeId(named), cluster,
                work.Entropy, work.Time)
            : throw new SalvorException(ErrorCode.Usage, isVolume
                ? $"--etcd-volume {named} is of no use without --cloud."
                : $"--etcd-volume {named} is neither a device nor a volume.")
            {
                Hint = isVolume ? "Add --cloud aws." : "Give a path such as /dev/nvme1n1, a volume's id, or 'new'.",
            };
    }

    private static IEnumerable<IProtection> EndpointItems(EndpointWork work, bool isWorker, CommandContext context) =>
        isWorker
            ? [new EndpointInKubeconfig(work, EndpointInKubeconfig.KubeletPath, context.Processes)]
            :
            [
                new EndpointCertificate(work, context.Entropy),
                new EndpointInCluster(work, EndpointMap.Kubeadm),
                new EndpointInCluster(work, EndpointMap.ClusterInfo),
                new EndpointInCluster(work, EndpointMap.Proxy),
                new EndpointInKubeconfig(work, Kubeconfig.DefaultPath, context.Processes),
            ];
}
