namespace Salvor.EtcdClient;

/// <summary>What a server that ends a handshake says of our certificate.</summary>
/// <param name="Marker">The part of OpenSSL's text that tells the alert.</param>
/// <param name="Meaning">What it means for the user.</param>
/// <param name="Hint">What to do.</param>
internal sealed record TlsAlert(string Marker, string Meaning, string Hint)
{
    private const string ClientHint =
        "Give a certificate that etcd's trusted CA signed with --cert and --key; "
        + "kubeadm's is /etc/kubernetes/pki/etcd/healthcheck-client.crt.";

    private static readonly TlsAlert[] Known =
    [
        new("certificate required", "It wants a client certificate.", ClientHint),
        new("certificate expired", "It says that our client certificate has expired.", "Renew it: kubeadm certs renew healthcheck-client."),
        new("unknown ca", "It does not know the CA that signed our client certificate.", ClientHint),
        new("bad certificate", "It refused our client certificate: expired, or signed by another CA.", ClientHint),
        new("wrong version number", "The server answered without TLS.", "If this etcd listens without TLS, write http:// in --endpoints."),
        new("packet length too long", "The server answered without TLS.", "If this etcd listens without TLS, write http:// in --endpoints."),
    ];

    public static TlsAlert? Find(string text) =>
        Array.Find(Known, k => text.Contains(k.Marker, StringComparison.OrdinalIgnoreCase));

    /// <summary>An old TLS version says "bad certificate" also where none was shown.</summary>
    public string Describe(bool hasClientCertificate) =>
        Marker == "bad certificate" && !hasClientCertificate ? "It wants a client certificate." : Meaning;
}
