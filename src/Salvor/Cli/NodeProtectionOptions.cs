using System.CommandLine;
using Salvor.Node;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Cluster;
using Salvor.Readiness.Protect.Endpoint;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Cli;

/// <summary>The options that say where the machine is that protect works on.</summary>
internal sealed class NodeProtectionOptions
{
    private const string EndpointPrefix = "endpoint-";

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

    public void AddTo(Command command)
    {
        command.Options.Add(_endpoint);
        command.Options.Add(_root);
        command.Options.Add(_manifest);
        command.Options.Add(_kubeconfig);
    }

    /// <summary>
    /// What there is to see to, in order: the endpoint's items first, while no restart of etcd is under way, and last
    /// to first when they are undone.
    /// </summary>
    public IReadOnlyList<IProtection> Read(ParseResult parse, ProtectionAim aim, CommandContext context)
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
        return
        [
            .. aim == ProtectionAim.Protect ? ofEndpoint : ofEndpoint.Reverse(),
            // A worker has no etcd to protect. Whoever says nothing of an endpoint is told that this is one.
            .. isWorker && isAboutEndpoint
                ? (IProtection[])[]
                : [
                    new EtcdInterlock(machine, record, manifest),
                    new KubeadmConfig(machine, record, work.KubeconfigPath, KubernetesApi.Of),
                ],
            new KubeletUnit(machine, context.Processes),
        ];
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
