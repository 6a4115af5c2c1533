using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Salvor.Tests.Readiness.Protect.Cluster;

/// <summary>A TLS server on the loopback that wants a client's certificate, and the kubeconfig that opens it.</summary>
internal sealed class LoopbackApi : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _server;

    public LoopbackApi()
    {
        _listener.Start();
        var now = DateTimeOffset.UtcNow;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kubernetes", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _server = Issue("kube-apiserver", now);
        using var client = Issue("kubernetes-admin", now);
        Kubeconfig = $"""
            apiVersion: v1
            kind: Config
            clusters:
            - cluster:
                certificate-authority-data: {Base64(_authority.ExportCertificatePem())}
                server: https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}
              name: kubernetes
            contexts:
            - context:
                cluster: kubernetes
                user: kubernetes-admin
              name: kubernetes-admin@kubernetes
            current-context: kubernetes-admin@kubernetes
            users:
            - name: kubernetes-admin
              user:
                client-certificate-data: {Base64(client.ExportCertificatePem())}
                client-key-data: {Base64(client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}
            """;
    }

    public string Kubeconfig { get; }

    public void Stop() => _listener.Stop();

    public void Dispose()
    {
        _listener.Dispose();
        _server.Dispose();
        _authority.Dispose();
    }

    /// <summary>Answers one request, and returns whose certificate the client showed.</summary>
    public async Task<string?> AnswerOnceAsync(string status, string body)
    {
        var ct = TestContext.Current.CancellationToken;
        using var connection = await _listener.AcceptTcpClientAsync(ct);
        await using var tls = new SslStream(connection.GetStream());
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _server,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
            ct);
        using var reader = new StreamReader(tls, leaveOpen: true);
        while (await reader.ReadLineAsync(ct) is { Length: > 0 })
        {
            // The request has no body.
        }

        var answer = $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}";
        await tls.WriteAsync(Encoding.ASCII.GetBytes(answer), ct);
        return tls.RemoteCertificate?.Subject;
    }

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    private X509Certificate2 Issue(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var serial = Encoding.ASCII.GetBytes(name)[^8..];
        using var bare = request.Create(_authority, now.AddHours(-1), now.AddHours(1), serial);
        return bare.CopyWithPrivateKey(key);
    }
}
