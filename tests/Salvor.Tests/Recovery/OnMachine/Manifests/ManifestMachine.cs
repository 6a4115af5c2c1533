using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Readiness.Protect.Machine;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.OnMachine.Manifests;
using Salvor.Tests.Readiness.Protect.Machine;

namespace Salvor.Tests.Recovery.OnMachine.Manifests;

/// <summary>A kubeadm machine whose control plane was well with the manifests that it has.</summary>
internal sealed class ManifestMachine : IDisposable
{
    public const string ManifestDirectory = "/etc/kubernetes/manifests";
    public const string Quarantine = "/var/lib/salvor/quarantine";
    public const string EtcdPath = ManifestDirectory + "/etcd.yaml";
    public const string ApiServerPath = ManifestDirectory + "/kube-apiserver.yaml";

    public static readonly TimeSpan LongAgo = TimeSpan.FromDays(30);

    public ManifestMachine(bool remembers = true)
    {
        Machine.Write("/var/lib/etcd/member/wal/0000000000000000-0000000000000000.wal", "log", LongAgo);
        Machine.Write(EtcdPath, EtcdYaml, LongAgo);
        Machine.Write(ApiServerPath, ApiServer, LongAgo);
        Machine.Write($"{ManifestDirectory}/kube-controller-manager.yaml", Pod("kube-controller-manager"), LongAgo);
        Machine.Write($"{ManifestDirectory}/kube-scheduler.yaml", Pod("kube-scheduler"), LongAgo);
        Settle();
        if (remembers)
        {
            Look().RememberGood();
        }
    }

    public static string EtcdYaml { get; } = MachineRoot.Fixture("kubeadm-1.34.yaml");

    public static string ApiServer { get; } = Pod("kube-apiserver", "    - --secure-port=6443\n");

    public RepairMachine Machine { get; } = new();

    public static string Pod(string name, string flags = "", string version = "v1.34.2") =>
        $"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {name}
          namespace: kube-system
        spec:
          containers:
          - command:
            - {name}
        {flags}    image: registry.example/{name}:{version}
            name: {name}
          hostNetwork: true

        """;

    public void Dispose() => Machine.Dispose();

    /// <summary>As if nobody had touched the directory of manifests for long.</summary>
    public void Settle() => Machine.SetAge(ManifestDirectory, LongAgo);

    public void Change(string path, string text, TimeSpan? age = null)
    {
        Machine.Write(path, text, age ?? LongAgo);
        Settle();
    }

    public void Delete(string path)
    {
        Machine.Delete(path);
        Settle();
    }

    public Observations See() => Look().Look();

    public ManifestLook Look(IFileSystem? files = null) => new(
        Through(files), new ManifestSettings(), new ManifestHistory(Through(files)), Machine.Time);

    public ManifestRepair Repair(IFileSystem? files = null) => new(
        Through(files), new ManifestSettings(), new ManifestHistory(Through(files)), Machine.Time);

    private NodeFiles Through(IFileSystem? files) => Machine.Through(files ?? new LinuxFileSystem());
}
