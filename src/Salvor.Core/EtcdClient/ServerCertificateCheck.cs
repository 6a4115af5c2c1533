using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Salvor.EtcdClient;

/// <summary>Judges etcd's certificate, and remembers in words why it was refused.</summary>
internal sealed class ServerCertificateCheck(Uri endpoint, TlsMaterial material, TimeProvider time)
{
    private volatile string? _lastFault;

    /// <summary>Why the last certificate was refused, as a sentence; null when none was.</summary>
    public string? LastFault => _lastFault;

    public X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            // Cluster CAs publish no revocation lists, and a recovery must not hang on somebody's server.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (material.Roots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }

    public bool Accept(object _, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _lastFault = errors == SslPolicyErrors.None ? null : Describe(certificate as X509Certificate2, chain, errors);
        return errors == SslPolicyErrors.None;
    }

    private string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "It showed no certificate.";
        }

        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? default;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return DescribeTime(chain!);
        }

        if ((status & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot
            | X509ChainStatusFlags.NotSignatureValid)) != 0)
        {
            var trusted = material.CaFile is { } file ? $"the CA in {file}" : "any CA that this machine trusts";
            return $"Its certificate ({certificate.Subject}, signed by {certificate.Issuer}) is not signed by "
                + $"{trusted}.";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"Its certificate is for {NamesOf(certificate)}, not for {endpoint.Host}.";
        }

        var details = string.Join(' ', chain?.ChainStatus.Select(s => s.StatusInformation.Trim()) ?? []);
        return $"Its certificate was refused: {details}";
    }

    private string DescribeTime(X509Chain chain)
    {
        var now = time.GetUtcNow();
        foreach (var element in chain.ChainElements)
        {
            var certificate = element.Certificate;
            if (certificate.NotAfter.ToUniversalTime() < now)
            {
                return $"Its certificate chain has expired: {certificate.Subject} ended on {certificate.NotAfter:u}.";
            }

            if (certificate.NotBefore.ToUniversalTime() > now)
            {
                return $"Its certificate chain is not valid yet: {certificate.Subject} begins on "
                    + $"{certificate.NotBefore:u}; "
                    + "is this machine's clock right?";
            }
        }

        return "Its certificate chain is outside its time of validity.";
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(ip => ip.ToString())));
        var list = string.Join(", ", names);
        return list.Length > 0 ? list : certificate.Subject;
    }
}
