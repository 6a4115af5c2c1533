using Salvor.Errors;
using Salvor.IntegrationTests.Support;
using static Salvor.IntegrationTests.EtcdClient.Connections;

namespace Salvor.IntegrationTests.EtcdClient;

public sealed class FailoverTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dead_endpoint_is_passed_over_by_reads_writes_and_streams()
    {
        await using var server = await EtcdServer.StartAsync("sid");
        var dead = $"http://127.0.0.1:{LoopbackPorts.Next()}";
        using var writing = Of(Options(dead, server.Endpoint));
        using var streaming = Of(Options(dead, server.Endpoint));

        Assert.True(await writing.Keys.PutAsync(Bytes("k"), Bytes("v"), leaseId: 0, Ct) > 0);
        Assert.Equal(new Uri(server.Endpoint), writing.PreferredEndpoint);
        using var snapshot = await streaming.Maintenance.OpenSnapshotAsync(Ct);
        Assert.Equal(new Uri(server.Endpoint), snapshot.Endpoint);
    }

    [Fact]
    public async Task When_nobody_listens_each_endpoint_is_named()
    {
        var first = $"http://127.0.0.1:{LoopbackPorts.Next()}";
        var second = $"http://127.0.0.1:{LoopbackPorts.Next()}";
        using var etcd = Of(Options(first, second));

        var failure = await Assert.ThrowsAsync<SalvorException>(() => etcd.Maintenance.StatusAsync(Ct));

        Assert.Equal(ErrorCode.EtcdUnreachable, failure.Code);
        Assert.True(failure.IsTransient);
        Assert.Contains($"{first}: connection refused", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{second}: connection refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_host_is_called_unknown()
    {
        using var etcd = Of(Options("http://no-such-host.invalid:2379"));

        var failure = await Assert.ThrowsAsync<SalvorException>(() => etcd.Maintenance.StatusAsync(Ct));

        Assert.Equal(ErrorCode.EtcdUnreachable, failure.Code);
        Assert.Contains("host name", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_survives_a_restart_of_etcd()
    {
        await using var server = await EtcdServer.StartAsync("sid");
        using var etcd = To(server);
        await etcd.Keys.PutAsync(Bytes("k"), Bytes("v"), leaseId: 0, Ct);
        await server.KillAsync();
        var failure = await Assert.ThrowsAsync<SalvorException>(() => etcd.Keys.GetAsync(Bytes("k"), Ct));
        Assert.Equal(ErrorCode.EtcdUnreachable, failure.Code);

        await server.StartAgainAsync();

        Assert.Equal("v", Text((await etcd.Keys.GetAsync(Bytes("k"), Ct))!.Value));
    }
}
