using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.IntegrationTests.Support;
using static Salvor.IntegrationTests.EtcdClient.Connections;

namespace Salvor.IntegrationTests.EtcdClient;

public sealed class AuthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task With_auth_on_only_the_right_user_gets_in(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        await TurnAuthOnAsync(server);

        using var root = Of(WithUser(server, "root", "secret"));
        await root.Keys.PutAsync(Bytes("k"), Bytes("v"), leaseId: 0, Ct);
        Assert.Equal("v", Text((await root.Keys.GetAsync(Bytes("k"), Ct))!.Value));
        if (!server.Binaries.Is34)
        {
            Assert.True(await root.Authentication.IsEnabledAsync(Ct));
        }

        await ShouldBeRefusedAsync(Of(Options(server.Endpoint)), "--user");
        await ShouldBeRefusedAsync(Of(WithUser(server, "root", "wrong")), "password");
        await ShouldBeRefusedAsync(Of(WithUser(server, "nobody", "secret")), "password");
        await ShouldBeRefusedAsync(Of(WithUser(server, "plain", "secret")), "root role");
    }

    [Fact]
    public async Task An_expired_token_is_renewed_once_even_for_a_write()
    {
        await using var server = await EtcdServer.StartAsync(
            new EtcdServerOptions { ExtraArguments = ["--auth-token-ttl=1"] });
        await TurnAuthOnAsync(server);
        using var root = Of(WithUser(server, "root", "secret"));
        await root.Keys.PutAsync(Bytes("k"), Bytes("1"), leaseId: 0, Ct);

        // A restart forgets simple tokens, as their expiry would.
        await server.StopAsync();
        await server.StartAgainAsync();

        await root.Keys.PutAsync(Bytes("k"), Bytes("2"), leaseId: 0, Ct);
        Assert.Equal("2", Text((await root.Keys.GetAsync(Bytes("k"), Ct))!.Value));
    }

    [Fact]
    public async Task A_user_is_not_needed_where_auth_is_off()
    {
        await using var server = await EtcdServer.StartAsync("sid");
        using var etcd = Of(WithUser(server, "root", "secret"));

        Assert.NotEmpty((await etcd.Maintenance.StatusAsync(Ct)).Version);
    }

    private static EtcdConnectionOptions WithUser(EtcdServer server, string name, string password) =>
        Options(server.Endpoint) with { User = name, Password = new EtcdPassword(password) };

    private static async Task ShouldBeRefusedAsync(EtcdConnection etcd, string hint)
    {
        using (etcd)
        {
            var failure = await Assert.ThrowsAsync<SalvorException>(() => etcd.Maintenance.OpenSnapshotAsync(Ct));
            Assert.True(failure.Code == ErrorCode.EtcdAuth, failure.ToString());
            Assert.Contains(hint, failure.Hint, StringComparison.Ordinal);
        }
    }

    internal static async Task TurnAuthOnAsync(EtcdServer server)
    {
        await server.Etcdctl.DoAsync("user", "add", "root:secret");
        await server.Etcdctl.DoAsync("user", "grant-role", "root", "root");
        await server.Etcdctl.DoAsync("user", "add", "plain:secret");
        await server.Etcdctl.DoAsync("auth", "enable");
    }
}
