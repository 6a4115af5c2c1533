using System.CommandLine;
using Salvor.Node;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.Cluster;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.Cli;

/// <summary>The options that say where the machine is that protect works on.</summary>
internal sealed class NodeProtectionOptions
{
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

    public void AddTo(Command command)
    {
        command.Options.Add(_root);
        command.Options.Add(_manifest);
        command.Options.Add(_kubeconfig);
    }

    public IEnumerable<IProtection> Read(ParseResult parse, CommandContext context)
    {
        var machine = new NodeFiles(context.FileSystem, Path.GetFullPath(parse.GetRequiredValue(_root)));
        var record = new ProtectionRecord(machine);
        // Through the API first: the interlock's change restarts etcd, and for a while nobody answers there.
        yield return new KubeadmConfig(machine, record, parse.GetRequiredValue(_kubeconfig), KubernetesApi.Of);
        yield return new EtcdInterlock(machine, record, parse.GetRequiredValue(_manifest));
        yield return new KubeletUnit(machine, context.Processes);
    }
}
