using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Salvor.Tests.Readiness.Protect.Machine;

namespace Salvor.Tests.Readiness.Protect.Endpoint;

/// <summary>
/// A machine with a cluster's CA and an API server on the loopback, which shows the certificate that is on disk.
/// </summary>
internal sealed class EndpointMachine : IDisposable
{
    public const string Certificate = "/etc/kubernetes/pki/apiserver.crt";

    private const string Key = "/etc/kubernetes/pki/apiserver.key";
    private const string OldServer = "https://10.0.0.5:6443";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly X509Certificate2 _authority;
    private readonly Task _serving;

    public EndpointMachine()
    {
        _listener.Start();
        using var key = RSA.Create(2048);
        _authority = MakeAuthority(key);
        Root.Write("/etc/kubernetes/pki/ca.crt", _authority.ExportCertificatePem() + "\n");
        Root.Write("/etc/kubernetes/pki/ca.key", key.ExportRSAPrivateKeyPem() + "\n");
        WriteServing();
        Root.Write("/etc/kubernetes/admin.conf", Kubeconfig("kubernetes-admin"));
        _serving = ServeAsync();
    }

    public MachineRoot Root { get; } = new();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"https://localhost:{Port}";

    /// <summary>Makes a worker of it: no keys of the cluster, and kubelet's kubeconfig.</summary>
    /// <remarks>The API server goes on, as if it were another machine's.</remarks>
    public string BecomeWorker(params string[] names)
    {
        WriteServing(names);
        var elsewhere = Root.Read(Certificate);
        Shown = X509Certificate2.CreateFromPem(elsewhere, Root.Read(Key));
        foreach (var path in new[] { Certificate, Key, "/etc/kubernetes/pki/ca.key", "/etc/kubernetes/admin.conf" })
        {
            File.Delete(Root.PathOf(path));
        }

        Root.Write("/etc/kubernetes/kubelet.conf", Kubeconfig("system:node:w"));
        return Kubeconfig("system:node:w");
    }

    /// <summary>What is shown instead of the certificate on disk.</summary>
    public X509Certificate2? Shown { get; set; }

    public void Stop() => _listener.Stop();

    /// <summary>A CA that is not the cluster's.</summary>
    public void ShowForeign()
    {
        using var key = RSA.Create(2048);
        using var foreign = MakeAuthority(key);
        using var serving = RSA.Create(2048);
        Shown = Issue(foreign, serving, ["localhost"]).CopyWithPrivateKey(serving);
    }

    public string Kubeconfig(string user)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return $"""
            apiVersion: v1
            clusters:
            - cluster:
                certificate-authority-data: {Base64(_authority.ExportCertificatePem())}
                server: {OldServer} # of zone a
              name: kubernetes
            contexts:
            - context:
                cluster: kubernetes
                user: {user}
              name: it
            current-context: it
            kind: Config
            users:
            - name: {user}
              user:
                client-certificate-data: {Base64(_authority.ExportCertificatePem())}
                client-key-data: {Base64(_authority.GetRSAPrivateKey()!.ExportRSAPrivateKeyPem())}

            """;
    }

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Dispose();
        _serving.GetAwaiter().GetResult();
        Shown?.Dispose();
        _authority.Dispose();
        _ending.Dispose();
        Root.Dispose();
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    private static X509Certificate2 MakeAuthority(RSA key)
    {
        var request = new CertificateRequest(
            "CN=kubernetes", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(10));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, RSA key, string[] names)
    {
        var request = new CertificateRequest(
            "CN=kube-apiserver", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var builder = new SubjectAlternativeNameBuilder();
        builder.AddDnsName("kubernetes.default");
        builder.AddIpAddress(IPAddress.Parse("10.96.0.1"));
        foreach (var name in names)
        {
            builder.AddDnsName(name);
        }

        request.CertificateExtensions.Add(builder.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        return request.Create(authority, authority.NotBefore, DateTimeOffset.UtcNow.AddDays(30), [1, 2, 3, 4]);
    }

    private void WriteServing(params string[] names)
    {
        using var key = RSA.Create(2048);
        using var certificate = Issue(_authority, key, names);
        Root.Write(Certificate, certificate.ExportCertificatePem() + "\n");
        Root.Write(Key, key.ExportRSAPrivateKeyPem() + "\n");
    }

    private async Task ServeAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var connection = await _listener.AcceptTcpClientAsync(_ending.Token);
                await AnswerAsync(connection);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException
                or ObjectDisposedException or System.Security.Authentication.AuthenticationException
                or InvalidOperationException)
            {
                // A client that does not trust this one hangs up; a listener that was stopped accepts nobody.
                if (e is InvalidOperationException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }

    private async Task AnswerAsync(TcpClient connection)
    {
        using var own = Shown is null
            ? X509Certificate2.CreateFromPem(Root.Read(Certificate), Root.Read(Key))
            : null;
        await using var tls = new SslStream(connection.GetStream());
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = Shown ?? own }, _ending.Token);
        using var reader = new StreamReader(tls, leaveOpen: true);
        while (await reader.ReadLineAsync(_ending.Token) is { Length: > 0 })
        {
            // The request has no body.
        }

        const string Body = "{\"gitVersion\": \"v1.34.1\"}";
        var answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
            + $"Content-Length: {Body.Length}\r\n\r\n{Body}";
        await tls.WriteAsync(Encoding.ASCII.GetBytes(answer), _ending.Token);
    }
}
