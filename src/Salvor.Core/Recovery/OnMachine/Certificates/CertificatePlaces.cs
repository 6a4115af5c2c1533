using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Node;
using Salvor.Readiness.Protect.Machine;
using YamlDocument = Salvor.Node.YamlDocument;

namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>Where kubeadm has the control plane's certificates. What is not there is left out.</summary>
internal static class CertificatePlaces
{
    private const string Pki = "/etc/kubernetes/pki";
    private const string KubeletConfig = "/etc/kubernetes/kubelet.conf";

    private static readonly ImmutableArray<CertificatePlace> Usual =
    [
        new($"{Pki}/ca.crt", IsAuthority: true, []),
        new($"{Pki}/front-proxy-ca.crt", IsAuthority: true, []),
        new($"{Pki}/etcd/ca.crt", IsAuthority: true, []),
        new($"{Pki}/etcd/server.crt", IsAuthority: false, ["etcd"]),
        new($"{Pki}/etcd/peer.crt", IsAuthority: false, ["etcd"]),
        new($"{Pki}/etcd/healthcheck-client.crt", IsAuthority: false, []),
        new($"{Pki}/apiserver.crt", IsAuthority: false, ["kube-apiserver"]),
        new($"{Pki}/apiserver-kubelet-client.crt", IsAuthority: false, ["kube-apiserver"]),
        new($"{Pki}/apiserver-etcd-client.crt", IsAuthority: false, ["kube-apiserver"]),
        new($"{Pki}/front-proxy-client.crt", IsAuthority: false, ["kube-apiserver"]),
        new("/etc/kubernetes/controller-manager.conf", IsAuthority: false, ["kube-controller-manager"]),
        new("/etc/kubernetes/scheduler.conf", IsAuthority: false, ["kube-scheduler"]),
        new("/etc/kubernetes/admin.conf", IsAuthority: false, []),
        new("/etc/kubernetes/super-admin.conf", IsAuthority: false, []),
    ];

    public static IReadOnlyList<CertificatePlace> Find(NodeFiles machine) =>
    [
        .. Usual.Append(FindKubelet(machine))
            .Where(place => machine.FileSystem.Stat(machine.PathOf(place.Path)) is { IsFile: true }),
    ];

    /// <summary>kubelet's is in its kubeconfig, or in the file that this names: a link where it renews it.</summary>
    private static CertificatePlace FindKubelet(NodeFiles machine)
    {
        var place = new CertificatePlace(KubeletConfig, IsAuthority: false, []);
        if (NamedBy(machine) is not { } named)
        {
            return place;
        }

        var path = Path.Combine(Path.GetDirectoryName(KubeletConfig)!, named);
        return machine.FileSystem.ReadLink(machine.PathOf(path)) is { } target
            ? place with { Path = Path.Combine(Path.GetDirectoryName(path)!, target), Link = path }
            : place with { Path = path };
    }

    private static string? NamedBy(NodeFiles machine)
    {
        try
        {
            return machine.TryRead(KubeletConfig) is { } file
                ? YamlDocument.Parse(file.Path, file.Text).Items("users")
                    .Select(user => user.Map("user").Text("client-certificate")).OfType<string>().FirstOrDefault()
                : null;
        }
        catch (SalvorException)
        {
            return null;
        }
    }
}
