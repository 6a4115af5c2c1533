using Salvor.IntegrationTests.Support;
using Salvor.Load;

namespace Salvor.IntegrationTests.Fixture;

/// <summary>The load maker's promises, kept on real etcds.</summary>
public sealed class KubernetesLoadTests
{
    private static readonly LoadOptions Small = new() { DatabaseBytes = 2_000_000, KeyCount = 1000, Parallel = 1 };

    [Fact]
    public void Same_options_make_the_same_operations()
    {
        var first = new KubernetesLoad(Small);
        var second = new KubernetesLoad(Small);
        Assert.Equal(Digest(first.Creations()), Digest(second.Creations()));
        Assert.Equal(Digest(first.Churn()), Digest(second.Churn()));
        Assert.Equal(Digest(first.Changes(3, 900).Take(100)), Digest(second.Changes(3, 900).Take(100)));
        Assert.NotEqual(Digest(first.Changes(3, 900).Take(100)), Digest(first.Changes(4, 900).Take(100)));
        Assert.NotEqual(Digest(first.Creations()), Digest(new KubernetesLoad(Small with { Seed = 2 }).Creations()));
    }

    [Fact]
    public async Task One_request_at_a_time_makes_the_same_keyspace_twice()
    {
        await using var first = await EtcdServer.StartAsync("sid");
        await using var second = await EtcdServer.StartAsync("trixie");
        var report = await FillAsync(first);
        await FillAsync(second);
        Assert.Equal(await first.Etcdctl.HashKvAsync(), await second.Etcdctl.HashKvAsync());
        Assert.Equal(1180, report.Puts);
        Assert.Equal(20, report.Deletions);
    }

    [Fact]
    public async Task Oldest_etcd_takes_the_load_too()
    {
        await using var etcd = await EtcdServer.StartAsync("bookworm");
        await FillAsync(etcd);
        var all = await etcd.Etcdctl.GetAllAsync();
        Assert.InRange(all.Count, 980, 1000);
        Assert.Contains(all, item => item.Lease != 0);
    }

    private static async Task<LoadReport> FillAsync(EtcdServer etcd)
    {
        using var gateway = new EtcdGateway(new Uri(etcd.Endpoint));
        return await new LoadWriter(gateway, Small).RunAsync(TestContext.Current.CancellationToken);
    }

    private static string Digest(IEnumerable<LoadOperation> operations) => string.Join(
        '\n', operations.Select(o => $"{o.Key} {Convert.ToHexString(o.Value ?? [])} {o.LeaseId}"));
}
