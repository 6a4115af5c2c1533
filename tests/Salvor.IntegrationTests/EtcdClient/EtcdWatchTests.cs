using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.IntegrationTests.Support;
using static Salvor.IntegrationTests.EtcdClient.Connections;

namespace Salvor.IntegrationTests.EtcdClient;

public sealed class EtcdWatchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task A_watch_tells_what_was_and_what_comes_and_ends_when_cancelled(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        using var etcd = To(server);
        var first = await etcd.Keys.PutAsync(Bytes("k"), Bytes("1"), leaseId: 0, Ct);

        using var watch = await etcd.Watches.OpenAsync(
            new WatchOptions { Range = KeyRange.All, StartRevision = first, WithPrevious = true }, Ct);
        await using var messages = watch.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);
        var past = await NextAsync<WatchMessage.Events>(messages);
        await etcd.Keys.DeleteRangeAsync(KeyRange.Key(Bytes("k")), Ct);
        var live = await NextAsync<WatchMessage.Events>(messages);

        Assert.Equal("1", Text(Assert.Single(past.List).KeyValue.Value));
        var delete = Assert.Single(live.List);
        Assert.True(delete.IsDelete);
        Assert.Equal(first + 1, delete.KeyValue.ModRevision);
        Assert.Equal("1", Text(delete.Previous!.Value));

        await watch.RequestProgressAsync(Ct);
        Assert.Equal(first + 1, (await NextAsync<WatchMessage.Progress>(messages)).Revision);

        await watch.CancelAsync(Ct);
        await NextAsync<WatchMessage.Cancelled>(messages);
        Assert.False(await messages.MoveNextAsync());
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task A_watch_from_a_compacted_revision_says_what_is_left(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        using var etcd = To(server);
        var first = await etcd.Keys.PutAsync(Bytes("k"), Bytes("1"), leaseId: 0, Ct);
        await etcd.Keys.PutAsync(Bytes("k"), Bytes("2"), leaseId: 0, Ct);
        var third = await etcd.Keys.PutAsync(Bytes("k"), Bytes("3"), leaseId: 0, Ct);
        await etcd.Keys.CompactAsync(third, waitsUntilDone: true, Ct);

        using var watch =
            await etcd.Watches.OpenAsync(new WatchOptions { Range = KeyRange.All, StartRevision = first }, Ct);
        await using var messages = watch.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);

        Assert.Equal(third, (await NextAsync<WatchMessage.Compacted>(messages)).CompactRevision);
        Assert.False(await messages.MoveNextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_batch_above_the_message_limit_comes_joined_or_in_fragments(bool splits)
    {
        await using var server = await EtcdServer.StartAsync("sid");
        using var etcd = To(server);
        var first = 0L;
        for (var i = 0; i < 6; i++)
        {
            var revision = await etcd.Keys.PutAsync(Bytes($"big-{i}"), new byte[1_000_000], leaseId: 0, Ct);
            first = first == 0 ? revision : first;
        }

        using var watch = await etcd.Watches.OpenAsync(
            new WatchOptions { Range = KeyRange.All, StartRevision = first, SplitsLargeBatches = splits }, Ct);
        var keys = new List<string>();
        var messages = 0;
        await foreach (var message in watch.ReadAllAsync(Ct))
        {
            messages++;
            var events = Assert.IsType<WatchMessage.Events>(message);
            keys.AddRange(events.List.Select(e => Text(e.KeyValue.Key)));
            Assert.Equal(splits && keys.Count < 6, events.IsFragment);
            if (keys.Count == 6)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, 6).Select(i => $"big-{i}"), keys);
        Assert.Equal(splits, messages > 1);
    }

    [Fact]
    public async Task A_killed_etcd_ends_the_watch_with_a_transient_failure_that_names_it()
    {
        await using var server = await EtcdServer.StartAsync("sid");
        using var etcd = To(server);
        using var watch = await etcd.Watches.OpenAsync(new WatchOptions { Range = KeyRange.All }, Ct);
        await using var messages = watch.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);
        var next = messages.MoveNextAsync();

        await server.KillAsync();

        var failure = await Assert.ThrowsAsync<SalvorException>(async () => await next);
        Assert.Equal(ErrorCode.EtcdUnreachable, failure.Code);
        Assert.True(failure.IsTransient);
        Assert.Contains(server.Endpoint, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<T> NextAsync<T>(IAsyncEnumerator<WatchMessage> messages)
        where T : WatchMessage
    {
        Assert.True(await messages.MoveNextAsync(), "The watch ended too early.");
        return Assert.IsType<T>(messages.Current);
    }
}
