using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Salvor.Recovery.Evidence;
using Salvor.Recovery.Outside;

namespace Salvor.Tests.Recovery.Outside;

/// <summary>The probe against a real TLS server on loopback, and against nobody.</summary>
public sealed class EndpointProbeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly X509Certificate2 _certificate = NewCertificate("127.0.0.1");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public EndpointProbeTests() => _listener.Start();

    private Uri Endpoint => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData(200, Truth.Yes, Truth.Yes)]
    [InlineData(401, Truth.Yes, Truth.Unknown)]
    [InlineData(403, Truth.Yes, Truth.Unknown)]
    [InlineData(500, Truth.Yes, Truth.No)]
    [InlineData(503, Truth.Unknown, Truth.No)]
    public async Task An_answer_tells_as_much_as_it_says(int status, Truth accepts, Truth ready)
    {
        using var probe = new EndpointProbe(Endpoint, [_certificate], Limit, TimeProvider.System);
        for (var i = 0; i < 2; i++) // Each look makes a connection of its own.
        {
            var look = probe.LookAsync(Ct);
            var request = await ServeAsync($"HTTP/1.1 {status} X\r\nContent-Length: 2\r\n\r\nok");
            var sight = await look;
            Assert.Equal((accepts, ready), (sight.Accepts, sight.Ready));
            Assert.StartsWith("GET /readyz HTTP/1.1", request, StringComparison.Ordinal);
            Assert.DoesNotContain("Authorization", request, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_stranger_at_the_endpoint_answers_and_proves_nothing()
    {
        using var another = NewCertificate("127.0.0.1");
        using var probe = new EndpointProbe(Endpoint, [another], Limit, TimeProvider.System);
        var look = probe.LookAsync(Ct);
        // Whether the server hears of it before it has answered is chance.
        await Record.ExceptionAsync(() => ServeAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        var sight = await look;
        Assert.Equal((Truth.Yes, Truth.Unknown), (sight.Accepts, sight.Ready));
    }

    [Fact]
    public async Task Without_an_authority_whoever_answers_is_believed()
    {
        using var probe = new EndpointProbe(Endpoint, [], Limit, TimeProvider.System);
        var look = probe.LookAsync(Ct);
        await ServeAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.Equal(Truth.Yes, (await look).Ready);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_accepts_nothing()
    {
        var endpoint = Endpoint;
        _listener.Stop();
        using var probe = new EndpointProbe(endpoint, [_certificate], Limit, TimeProvider.System);
        var sight = await probe.LookAsync(Ct);
        Assert.Equal((Truth.No, Truth.No), (sight.Accepts, sight.Ready));
    }

    [Fact]
    public async Task One_that_takes_the_connection_and_is_silent_hangs()
    {
        using var probe = new EndpointProbe(Endpoint, [_certificate], TimeSpan.FromSeconds(4), TimeProvider.System);
        var sight = await probe.LookAsync(Ct);
        Assert.Equal((Truth.Yes, Truth.No), (sight.Accepts, sight.Ready));
        Assert.Contains("did not answer", sight.Detail, StringComparison.Ordinal);
    }

    private static X509Certificate2 NewCertificate(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=api", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    /// <summary>Serves one connection, and gives back what it was asked.</summary>
    private async Task<string> ServeAsync(string answer)
    {
        using var client = await _listener.AcceptTcpClientAsync(Ct);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(_certificate);
        var buffer = new byte[4096];
        var length = await tls.ReadAsync(buffer, Ct);
        await tls.WriteAsync(Encoding.ASCII.GetBytes(answer), Ct);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
