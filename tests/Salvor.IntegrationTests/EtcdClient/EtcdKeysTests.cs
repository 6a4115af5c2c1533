using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.IntegrationTests.Support;
using static Salvor.IntegrationTests.EtcdClient.Connections;

namespace Salvor.IntegrationTests.EtcdClient;

public sealed class EtcdKeysTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Puts_reads_and_deletes_are_what_etcdctl_sees(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        using var etcd = To(server);

        var first = await etcd.Keys.PutAsync(Bytes("/a/1"), Bytes("one"), leaseId: 0, Ct);
        await etcd.Keys.PutAsync(Bytes("/a/2"), Bytes("two"), leaseId: 0, Ct);
        await etcd.Keys.PutAsync(Bytes("/b"), Bytes("other"), leaseId: 0, Ct);
        Assert.Equal("one", await server.Etcdctl.GetAsync("/a/1"));

        var prefix = await etcd.Keys.RangeAsync(KeyRange.Prefix(Bytes("/a/")), new RangeOptions { LimitKeys = 1 }, Ct);
        Assert.Equal(["/a/1"], prefix.KeyValues.Select(kv => Text(kv.Key)));
        Assert.True(prefix.HasMore);
        Assert.Equal(2, prefix.CountKeys);
        Assert.Equal(first, prefix.KeyValues[0].ModRevision);
        Assert.Equal(1, prefix.KeyValues[0].Version);

        Assert.Equal(2, await etcd.Keys.DeleteRangeAsync(KeyRange.Prefix(Bytes("/a/")), Ct));
        Assert.Null(await etcd.Keys.GetAsync(Bytes("/a/1"), Ct));
        var old = await etcd.Keys.RangeAsync(KeyRange.All, new RangeOptions { Revision = first }, Ct);
        Assert.Equal("one", Text(Assert.Single(old.KeyValues).Value));
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task A_transaction_takes_the_branch_that_its_conditions_choose(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        using var etcd = To(server);
        var key = Bytes("lock");

        var created = await etcd.Keys.TxnAsync(
            [TxnCompare.ModRevisionIs(key, 0)], [TxnOperation.Put(key, Bytes("me"))],
                [TxnOperation.Get(KeyRange.Key(key))], Ct);
        var refused = await etcd.Keys.TxnAsync(
            [TxnCompare.ModRevisionIs(key, 0)], [TxnOperation.Put(key, Bytes("you"))],
                [TxnOperation.Get(KeyRange.Key(key))], Ct);

        Assert.True(created.IsSuccess);
        Assert.False(refused.IsSuccess);
        Assert.Equal("me", Text(Assert.Single(Assert.Single(refused.Ranges).KeyValues).Value));
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task A_compacted_revision_is_refused_with_a_way_out(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        using var etcd = To(server);
        var first = await etcd.Keys.PutAsync(Bytes("k"), Bytes("1"), leaseId: 0, Ct);
        var second = await etcd.Keys.PutAsync(Bytes("k"), Bytes("2"), leaseId: 0, Ct);

        await etcd.Keys.CompactAsync(second, waitsUntilDone: true, Ct);

        var refusal = await Assert.ThrowsAsync<SalvorException>(() =>
            etcd.Keys.RangeAsync(KeyRange.All, new RangeOptions { Revision = first }, Ct));
        Assert.Equal(ErrorCode.EtcdRefused, refusal.Code);
        Assert.Contains(server.Endpoint, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("compacted", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("OutOfRange", refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(refusal.Hint);
    }

    [Fact]
    public async Task Values_of_the_largest_size_travel_whole_and_larger_ones_are_refused()
    {
        await using var server = await EtcdServer.StartAsync("sid");
        using var etcd = To(server);
        var value = new byte[1_500_000];
        new Random(7).NextBytes(value);

        for (var i = 0; i < 8; i++)
        {
            await etcd.Keys.PutAsync(Bytes($"big-{i}"), value, leaseId: 0, Ct);
        }

        // Together far above the 4 MB at which gRPC clients usually stop reading.
        var all = await etcd.Keys.RangeAsync(KeyRange.All, RangeOptions.Default, Ct);
        Assert.All(all.KeyValues, kv => Assert.True(kv.Value.Span.SequenceEqual(value)));
        var refusal = await Assert.ThrowsAsync<SalvorException>(() =>
            etcd.Keys.PutAsync(Bytes("huge"), new byte[4 << 20], 0, Ct));
        Assert.Equal(ErrorCode.EtcdRefused, refusal.Code);
    }
}
