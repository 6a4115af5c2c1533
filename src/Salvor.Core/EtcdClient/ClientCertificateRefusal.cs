namespace Salvor.EtcdClient;

/// <summary>Says in words why a server may have refused the certificate that we showed, or did not show.</summary>
/// <remarks>
/// Under TLS 1.3 our side of the handshake is over before the server has looked at our certificate: its alert races
/// with our first bytes and is often lost. So what we know of our own certificate says more than what the server said.
/// </remarks>
internal sealed class ClientCertificateRefusal(TlsMaterial material, TimeProvider time)
{
    public string Describe()
    {
        if (material.Client?.TargetCertificate is not { } ours)
        {
            return "It wants a client certificate.";
        }

        var now = time.GetUtcNow();
        if (ours.NotAfter.ToUniversalTime() < now)
        {
            return $"Our client certificate {material.ClientCertificateFile} has expired, on "
                + $"{ours.NotAfter.ToUniversalTime():u}.";
        }

        if (ours.NotBefore.ToUniversalTime() > now)
        {
            return $"Our client certificate {material.ClientCertificateFile} is valid from "
                + $"{ours.NotBefore.ToUniversalTime():u} on; "
                + "is this machine's clock right?";
        }

        return $"It refused our client certificate {material.ClientCertificateFile}, which {ours.Issuer} signed: "
            + "its trusted CA is probably another one.";
    }

    public string Hint => material.Client is null
        ? "Give a certificate that etcd's trusted CA signed with --cert and --key; kubeadm's is "
            + "/etc/kubernetes/pki/etcd/healthcheck-client.crt."
        : "Give another one with --cert and --key; kubeadm certs renew healthcheck-client renews kubeadm's.";
}
