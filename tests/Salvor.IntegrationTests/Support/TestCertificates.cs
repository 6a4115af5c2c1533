using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Salvor.IntegrationTests.Support;

/// <summary>
/// A certificate authority with a server, clients good and bad, and a second authority that nobody trusts.
/// </summary>
public sealed class TestCertificates : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);
    private readonly TempDirectory _directory = new();
    private readonly X509Certificate2 _authority;
    private int _serial;

    public TestCertificates()
    {
        _authority = MakeAuthority("salvor-test-ca");
        Authority = Write("ca.crt", _authority.ExportCertificatePem());
        Server = Issue(_authority, "server", expired: false);
        ExpiredServer = Issue(_authority, "expired-server", expired: true);
        Client = Issue(_authority, "client", expired: false);
        ExpiredClient = Issue(_authority, "expired-client", expired: true);
        using var other = MakeAuthority("salvor-other-ca");
        OtherAuthority = Write("other-ca.crt", other.ExportCertificatePem());
        OtherClient = Issue(other, "other-client", expired: false);
    }

    /// <summary>The PEM file of the authority that signed all but the "other" ones.</summary>
    public string Authority { get; }

    /// <summary>The PEM file of an authority that signed neither server nor client.</summary>
    public string OtherAuthority { get; }

    /// <summary>Good for 127.0.0.1, ::1 and localhost.</summary>
    public CertificateFiles Server { get; }

    public CertificateFiles ExpiredServer { get; }

    /// <summary>A good client, whose common name is "client".</summary>
    public CertificateFiles Client { get; }

    public CertificateFiles ExpiredClient { get; }

    /// <summary>A client of the other authority.</summary>
    public CertificateFiles OtherClient { get; }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Dispose();
    }

    private static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now - Lifetime, now + Lifetime);
    }

    private CertificateFiles Issue(X509Certificate2 authority, string name, bool expired)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        // Both uses everywhere: etcd's own gateway presents the server's certificate as a client.
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        var now = DateTimeOffset.UtcNow;
        var start = now - TimeSpan.FromHours(2);
        var end = expired ? now - TimeSpan.FromHours(1) : now + TimeSpan.FromDays(1);
        using var certificate = request.Create(authority, start, end, BitConverter.GetBytes(++_serial));
        return new CertificateFiles(
            Write($"{name}.crt", certificate.ExportCertificatePem()),
            Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string pem)
    {
        var path = _directory[name];
        File.WriteAllText(path, pem + "\n");
        return path;
    }
}
