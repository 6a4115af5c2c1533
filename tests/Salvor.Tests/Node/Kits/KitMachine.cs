using System.Globalization;
using Salvor.Node.Kits;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Repository.Kits;
using Salvor.Tests.Support;

namespace Salvor.Tests.Node.Kits;

/// <summary>The files of a kubeadm machine, below a directory that stands for its root.</summary>
internal sealed class KitMachine : IDisposable
{
    public const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempDirectory _directory = new();

    public KitMachine()
    {
        string[] pki =
        [
            "ca.crt", "ca.key", "sa.key", "sa.pub", "etcd/ca.crt", "etcd/ca.key", "etcd/server.crt", "etcd/server.key",
            "etcd/peer.crt", "etcd/peer.key",
        ];
        foreach (var name in pki)
        {
            Write($"/etc/kubernetes/pki/{name}", $"content of {name}", Secret);
        }

        Write("/etc/kubernetes/admin.conf", "admin", Secret);
        Write("/etc/kubernetes/manifests/kube-apiserver.yaml", ApiServer);
        Write("/etc/kubernetes/manifests/etcd.yaml", File.ReadAllText(Fixture("kubeadm-1.31.yaml")));
        Write("/etc/security/audit.yaml", "rules: []");
        Write("/etc/encryption/config.yaml", "kind: EncryptionConfiguration", Secret);
        Write("/var/lib/etcd/member/snap/db", "not a file of the kit");
        Write("/var/lib/kubelet/config.yaml",
            "staticPodPath: /etc/kubernetes/manifests\n"
            + "authentication:\n  x509:\n    clientCAFile: /etc/kubernetes/pki/ca.crt\n");
        Write("/var/lib/kubelet/pki/kubelet-client-2026.pem", "certificate and key", Secret);
        Link("/var/lib/kubelet/pki/kubelet-client-current.pem", "/var/lib/kubelet/pki/kubelet-client-2026.pem");
        Write("/etc/systemd/system/kubelet.service.d/10-kubeadm.conf", "[Service]");
    }

    public string Root => _directory.FullName;

    public LinuxFileSystem Files { get; } = new();

    private static string ApiServer => """
        kind: Pod
        spec:
          containers:
          - command: [kube-apiserver, --audit-policy-file=/etc/security/audit.yaml, --audit-log-path=/var/log/audit.log,
              --encryption-provider-config, /encryption/config.yaml, --client-ca-file=/etc/kubernetes/pki/ca.crt,
              "--tls-sni-cert-key=/etc/sni/tls.crt,/etc/sni/tls.key:api.example.com"]
            volumeMounts:
            - {mountPath: /etc/kubernetes/pki, name: certs}
            - {mountPath: /etc/security/audit.yaml, name: audit}
            - {mountPath: /encryption, name: encryption}
            - {mountPath: /etc/sni, name: sni}
          volumes:
          - {hostPath: {path: /etc/kubernetes/pki}, name: certs}
          - {hostPath: {path: /etc/security/audit.yaml}, name: audit}
          - {hostPath: {path: /etc/encryption}, name: encryption}
          - {hostPath: {path: /etc/sni}, name: sni}
        """;

    public KitCapture Capture(params string[] extra) => Capture(Files, extra);

    public KitCapture Capture(IFileSystem files, params string[] extra) =>
        new(files, new SimulatedTime(), new KitPlaces { Root = Root, Extra = [.. extra] });

    public void AddSni()
    {
        Write("/etc/sni/tls.crt", "certificate");
        Write("/etc/sni/tls.key", "key", Secret);
    }

    public void Write(
        string path, string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite
            | UnixFileMode.GroupRead | UnixFileMode.OtherRead)
    {
        var place = Root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, content);
        Files.SetMode(place, mode);
    }

    public void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root + path)!);
        File.CreateSymbolicLink(Root + path, target);
    }

    /// <summary>All that a kit says, in lines that can be compared.</summary>
    public static IEnumerable<string> Lines(KitDocument kit) => kit.Entries.Select(e => string.Create(
        CultureInfo.InvariantCulture,
        $"{e.Path} {Convert.ToString(e.Mode, 8)} {e.Owner}:{e.Group} {KitFingerprint.ContentOf(e)}"));

    public void Dispose() => _directory.Dispose();

    private static string Fixture(string name) =>
        Path.Combine(RepositoryRoot.FullName, "tests", "Salvor.Tests", "Node", "Fixtures", name);
}
