using System.Net;
using System.Net.Sockets;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.IntegrationTests.Support;
using static Salvor.IntegrationTests.EtcdClient.Connections;

namespace Salvor.IntegrationTests.EtcdClient;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task The_right_certificates_let_us_in(string suite)
    {
        await using var server = await StartAsync(suite);
        using var etcd = Of(Good(server));

        Assert.Equal(server.Binaries.Version.ToString(), (await etcd.Maintenance.StatusAsync(Ct)).Version);
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Every_wrong_certificate_is_called_by_its_name(string suite)
    {
        await using var server = await StartAsync(suite);
        var good = Good(server);

        await ShouldFailAsync(good with { CaFile = _certificates.OtherAuthority }, "is not signed by the CA in");
        await ShouldFailAsync(good with { CaFile = null }, "is not signed by any CA that this machine trusts");
        await ShouldFailAsync(WithClient(good, null), "wants a client certificate");
        await ShouldFailAsync(WithClient(good, _certificates.ExpiredClient), "client certificate", "expired");
        await ShouldFailAsync(WithClient(good, _certificates.OtherClient), "client certificate", "CA");
    }

    [Fact]
    public async Task A_key_that_is_not_the_certificates_is_found_before_connecting()
    {
        var options = Options("https://127.0.0.1:1") with
        {
            ClientCertificateFile = _certificates.Client.Certificate,
            ClientKeyFile = _certificates.OtherClient.Key,
        };
        var failure = Assert.Throws<SalvorException>(() => Of(options));
        Assert.Equal(ErrorCode.EtcdTls, failure.Code);
        var empty = Assert.Throws<SalvorException>(() => Of(options with { CaFile = _certificates.Client.Key }));
        Assert.Contains("holds no certificate", empty.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Http_to_a_tls_server_and_https_to_a_plain_one_are_told_apart(string suite)
    {
        await using var tls = await StartAsync(suite);
        await using var plain = await EtcdServer.StartAsync(suite);

        using var toTls = Of(Options(tls.Endpoint.Replace("https", "http", StringComparison.Ordinal)));
        var first = await Assert.ThrowsAsync<SalvorException>(() => toTls.Maintenance.StatusAsync(Ct));
        Assert.Contains("https://", first.Hint, StringComparison.Ordinal);

        using var toPlain = Of(Options(plain.Endpoint.Replace("http", "https", StringComparison.Ordinal)));
        var second = await Assert.ThrowsAsync<SalvorException>(() => toPlain.Maintenance.StatusAsync(Ct));
        Assert.Equal(ErrorCode.EtcdTls, second.Code);
        Assert.Contains("http://", second.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_in_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        foreach (var scheme in new[] { "http", "https" })
        {
            using var etcd = Of(Options($"{scheme}://127.0.0.1:{port}") with
            {
                ConnectTimeout = TimeSpan.FromSeconds(1),
                CallTimeout = TimeSpan.FromSeconds(1.5),
            });
            var failure =
                await Assert.ThrowsAsync<SalvorException>(() => etcd.Keys.PutAsync(Bytes("k"), Bytes("v"), 0, Ct));
            Assert.Equal(ErrorCode.EtcdUnreachable, failure.Code);
            Assert.True(failure.IsTransient);
            Assert.Contains("in time", failure.Message, StringComparison.Ordinal);
        }
    }

    private static EtcdConnectionOptions WithClient(EtcdConnectionOptions options, CertificateFiles? client) =>
        options with { ClientCertificateFile = client?.Certificate, ClientKeyFile = client?.Key };

    private static async Task ShouldFailAsync(EtcdConnectionOptions options, params string[] parts)
    {
        using var etcd = Of(options);
        var failure = await Assert.ThrowsAsync<SalvorException>(() => etcd.Maintenance.StatusAsync(Ct));
        Assert.True(failure.Code == ErrorCode.EtcdTls, failure.ToString());
        Assert.NotNull(failure.Hint);
        Assert.All(parts, part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
    }

    private Task<EtcdServer> StartAsync(string suite) =>
        EtcdServer.StartAsync(new EtcdServerOptions { Suite = suite, Certificates = _certificates });

    private EtcdConnectionOptions Good(EtcdServer server) =>
        WithClient(Options(server.Endpoint), _certificates.Client) with { CaFile = _certificates.Authority };
}
