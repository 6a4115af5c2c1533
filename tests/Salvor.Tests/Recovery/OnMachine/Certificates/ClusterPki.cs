using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Salvor.Tests.Recovery.OnMachine.Certificates;

/// <summary>The certificates of a kubeadm machine, made in this process, with one end for all leaves.</summary>
internal sealed class ClusterPki : IDisposable
{
    public const string Pki = "/etc/kubernetes/pki";
    public const string KubeletLink = "/var/lib/kubelet/pki/kubelet-client-current.pem";
    public const string KubeletFile = "/var/lib/kubelet/pki/kubelet-client-2020-01-01-00-00-00.pem";

    private static readonly TimeSpan Long = TimeSpan.FromDays(400);
    private static readonly string[] Authorities = ["ca", "front-proxy-ca", "etcd/ca"];

    private readonly bool _isRsa;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, (X509Certificate2 Certificate, AsymmetricAlgorithm Key)> _authorities = [];
    private int _serial;

    public ClusterPki(bool isRsa = false, int leafDays = -1, int authorityDays = 3650)
    {
        _isRsa = isRsa;
        _now = Machine.Time.GetUtcNow();
        Machine.Write("/run/systemd/timesync/synchronized", "", TimeSpan.Zero);
        foreach (var name in Authorities)
        {
            MakeAuthority(name, authorityDays);
        }

        WriteLeaf("etcd/server", "etcd/ca", leafDays);
        WriteLeaf("etcd/peer", "etcd/ca", leafDays);
        WriteLeaf("apiserver", "ca", leafDays);
        WriteLeaf("apiserver-etcd-client", "etcd/ca", leafDays);
        WriteLeaf("front-proxy-client", "front-proxy-ca", leafDays);
        foreach (var name in (string[])["admin", "controller-manager", "scheduler"])
        {
            var (certificate, key) = Issue(name, "ca", leafDays);
            Write($"/etc/kubernetes/{name}.conf", Kubeconfig(name, certificate, key));
        }

        WriteKubelet(leafDays);
    }

    public RepairMachine Machine { get; } = new();

    /// <summary>Every leaf's file, and the authority that it hangs on.</summary>
    public static IReadOnlyDictionary<string, string> Leaves { get; } = new Dictionary<string, string>
    {
        [$"{Pki}/etcd/server.crt"] = "etcd/ca",
        [$"{Pki}/etcd/peer.crt"] = "etcd/ca",
        [$"{Pki}/apiserver.crt"] = "ca",
        [$"{Pki}/apiserver-etcd-client.crt"] = "etcd/ca",
        [$"{Pki}/front-proxy-client.crt"] = "front-proxy-ca",
        ["/etc/kubernetes/admin.conf"] = "ca",
        ["/etc/kubernetes/controller-manager.conf"] = "ca",
        ["/etc/kubernetes/scheduler.conf"] = "ca",
        [KubeletLink] = "ca",
    };

    public void Dispose()
    {
        foreach (var (certificate, key) in _authorities.Values)
        {
            certificate.Dispose();
            key.Dispose();
        }

        Machine.Dispose();
    }

    /// <summary>The certificate that is in a file now.</summary>
    public X509Certificate2 Read(string path)
    {
        var text = File.ReadAllText(Machine.PathOf(path == KubeletLink ? Target : path));
        var data = text.Split("client-certificate-data: ");
        return X509Certificate2.CreateFromPem(data.Length > 1
            ? Encoding.UTF8.GetString(Convert.FromBase64String(data[1].Split('\n')[0]))
            : text);
    }

    /// <summary>The file that kubelet's link leads to.</summary>
    public string Target => new FileInfo(Machine.PathOf(KubeletLink)).LinkTarget!;

    /// <summary>Whether a certificate holds now, by an authority; .NET's own judgement.</summary>
    public bool Holds(X509Certificate2 certificate, string authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authorities[authority].Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _now.UtcDateTime;
        return chain.Build(certificate);
    }

    /// <summary>Puts another authority of the same name in one's place.</summary>
    public void ReplaceAuthority(string name) => MakeAuthority(name, days: 3650);

    public void WriteLeaf(string name, string authority, int days)
    {
        var (certificate, key) = Issue(Path.GetFileName(name), authority, days);
        Write($"{Pki}/{name}.crt", certificate + "\n");
        Write($"{Pki}/{name}.key", key + "\n");
    }

    private static string Kubeconfig(string name, string certificate, string key) =>
        $"""
        apiVersion: v1
        clusters: [] # of this node
        kind: Config
        users:
        - name: {name}
          user:
            client-certificate-data: {Base64(certificate)}
            client-key-data: {Base64(key)}

        """;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text + "\n"));

    private void Write(string path, string text) => Machine.Write(path, text, Long);

    private void WriteKubelet(int days)
    {
        var (certificate, key) = Issue("system:node:cp-1", "ca", days);
        Write(KubeletFile, $"{certificate}\n{key}\n");
        File.CreateSymbolicLink(Machine.PathOf(KubeletLink), KubeletFile);
        Write("/etc/kubernetes/kubelet.conf",
            $"users:\n- name: node\n  user:\n    client-certificate: {KubeletLink}\n    client-key: {KubeletLink}\n");
    }

    private AsymmetricAlgorithm NewKey() =>
        _isRsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Request(string name, AsymmetricAlgorithm key) => key is RSA rsa
        ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);

    private static string KeyPem(AsymmetricAlgorithm key) => key is RSA rsa
        ? rsa.ExportRSAPrivateKeyPem() // As kubeadm writes them.
        : ((ECDsa)key).ExportECPrivateKeyPem();

    private void MakeAuthority(string name, int days)
    {
        var key = NewKey();
        var request = Request($"CN={name.Replace('/', '-')}", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var certificate = request.CreateSelfSigned(_now - TimeSpan.FromDays(3650), _now + TimeSpan.FromDays(days));
        _authorities[name] = (certificate, key);
        Write($"{Pki}/{name}.crt", certificate.ExportCertificatePem() + "\n");
        Write($"{Pki}/{name}.key", KeyPem(key) + "\n");
    }

    private (string Certificate, string Key) Issue(string name, string authority, int days)
    {
        using var key = NewKey();
        var request = Request($"O=system:masters, CN={name}", key);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse("10.0.0.5"));
        names.AddDnsName("kubernetes.default.svc");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _authorities[authority].Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(
            _authorities[authority].Certificate.SubjectName, Generator(_authorities[authority].Key), _now - Long,
            _now + TimeSpan.FromDays(days), BitConverter.GetBytes(++_serial));
        return (certificate.ExportCertificatePem(), KeyPem(key));
    }

    private static X509SignatureGenerator Generator(AsymmetricAlgorithm key) => key is RSA rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa((ECDsa)key);
}
