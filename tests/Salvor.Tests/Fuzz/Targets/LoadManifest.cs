using System.Text;
using Salvor.Errors;
using Salvor.Node;
using Salvor.Tests.Support;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>A static-pod manifest, which people write by hand.</summary>
internal sealed class LoadManifest : FuzzTarget
{
    private const string Path = "/etc/kubernetes/manifests/etcd.yaml";

    private const string Kubeadm = """
        apiVersion: v1
        kind: Pod
        metadata:
          annotations:
            kubeadm.kubernetes.io/etcd.advertise-client-urls: https://10.0.0.5:2379
          labels: {component: etcd, tier: control-plane}
          name: etcd
          namespace: kube-system
        spec:
          containers:
          - command:
            - etcd
            - --advertise-client-urls=https://10.0.0.5:2379
            - --cert-file=/etc/kubernetes/pki/etcd/server.crt
            - --data-dir=/var/lib/etcd
            - --initial-cluster=cp-1=https://10.0.0.5:2380
            - --key-file
            - /etc/kubernetes/pki/etcd/server.key
            - --listen-client-urls=https://127.0.0.1:2379,https://0.0.0.0:2379
            - --name=cp-1
            - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
            env:
            - {name: ETCD_WAL_DIR, value: /var/lib/etcd-wal}
            image: registry.k8s.io/etcd:3.5.16-0
            name: etcd
            volumeMounts:
            - mountPath: /var/lib/etcd
              name: etcd-data
            - mountPath: /etc/kubernetes/pki/etcd
              name: etcd-certs
              subPath: etcd
          volumes:
          - hostPath: &path
              path: /etc/kubernetes/pki
              type: DirectoryOrCreate
            name: etcd-certs
          - hostPath: {path: /srv/etcd}
            name: etcd-data
        status: {}
        """;

    // YamlDotNet makes a tree of objects out of events: several hundred bytes for each scalar, which may be two bytes
    // long.
    public override int AllocatedPerInputByte => 4096;

    private static readonly string[] Texts =
    [
        "&a ", "*a", "*path", "? ", "[[[[[[[[", "{{{{", "- - - - ", "!!binary ", "!<tag:x> ", "|\n", ">\n",
            "<<: *path\n", "%YAML 9.9\n", "---\n", "...\n",
            "\0", "\t", "\\x", "\"\\ud800\"", "'", ": ", "//////", ":99999999", "https://[", "\u2028", "~",
    ];

    public override IReadOnlyList<byte[]> Words =>
        [.. Texts.Select(Encoding.UTF8.GetBytes), [0xFF], [0xEF, 0xBB, 0xBF]];

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var disk = new MemoryFiles().With(Path, files[0]).With("/etc/kubernetes/pki/etcd/healthcheck-client.crt", []);
        var manifest = EtcdManifest.Load(disk, Path);
        Assert.NotEmpty(manifest.ToConnectionOptions(disk).Endpoints);
        _ = manifest.ImageVersion;
    }

    public override bool IsAllowed(Exception e) => e is SalvorException;

    protected override IReadOnlyList<Sample> MakeSamples() =>
    [
        new("kubeadm", Encoding.UTF8.GetBytes(Kubeadm)),
        new("aliases", "a: &a [1, &b {x: *a}]\nspec: {containers: [{name: etcd, image: *b, ? *b : 1}]}\n"u8.ToArray()),
    ];
}
