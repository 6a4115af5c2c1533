using Salvor.Backup.Streaming;
using Salvor.Errors;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup.Streaming;

[Collection(SimulatedWorldGroup.Name)]
public sealed class LogStreamerTests
{
    [Fact]
    public void Every_change_is_stored_within_the_flush_time_and_the_end_stores_the_rest() => SimulatedWorld.Run(
        async world =>
        {
            var rig = new StreamRig(world, seed: 1);
            using var stop = new CancellationTokenSource();
            var run = rig.StreamAsync(rig.NewStore(), stop.Token);
            await rig.WriteAsync(200);
            await rig.PauseAsync(5);
            Assert.True(rig.Safe < rig.Etcd.Head);
            stop.Cancel();

            Assert.True(await run);
            Assert.Equal(rig.Etcd.Head, rig.Safe);
            await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
            var lags = rig.Events.OfType<StreamEvent.Stored>().Select(s => s.Lag).ToList();
            Assert.True(lags.Max() < TimeSpan.FromMilliseconds(500), $"The longest lag is {lags.Max()}.");
            return 0;
        });

    [Fact]
    public void An_idle_etcd_costs_no_request() => SimulatedWorld.Run(async world =>
    {
        var rig = new StreamRig(world, seed: 2);
        using var stop = new CancellationTokenSource();
        var store = rig.NewStore();
        var run = rig.StreamAsync(store, stop.Token);
        await rig.PauseAsync(3_600_000);
        stop.Cancel();

        Assert.True(await run);
        Assert.Equal(1, store.Calls); // The list at the start.
        return 0;
    });

    [Fact]
    public void A_store_that_is_away_holds_the_stream_within_its_memory_and_all_arrives_later() => SimulatedWorld.Run(
        async world =>
        {
            var options = new StreamOptions { FlushBytes = 2_000, WaitingBytesMax = 20_000 };
            var rig = new StreamRig(world, seed: 3) { Options = options };
            using var stop = new CancellationTokenSource();
            var store = rig.NewStore();
            var run = rig.StreamAsync(store, stop.Token);
            await rig.WriteAsync(20);
            await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);

            store.IsAway = true;
            await rig.WriteAsync(2_000, valueBytes: 100);
            await rig.PauseAsync(600_000);
            Assert.True(rig.Safe < 40);
            var held = Assert.Single(rig.Events.OfType<StreamEvent.Held>());
            Assert.InRange(held.WaitingBytes, 1, options.WaitingBytesMax);

            store.IsAway = false;
            await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
            stop.Cancel();
            Assert.True(await run);
            await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
            return 0;
        });

    [Fact]
    public void An_etcd_that_restarts_is_followed_again_where_it_was_left() => SimulatedWorld.Run(async world =>
    {
        var rig = new StreamRig(world, seed: 4);
        using var stop = new CancellationTokenSource();
        var run = rig.StreamAsync(rig.NewStore(), stop.Token);
        for (var i = 0; i < 10; i++)
        {
            await rig.WriteAsync(30);
            rig.Etcd.GoDown();
            await rig.PauseAsync(i * 3_000);
            rig.Etcd.ComeBack();
        }

        await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
        stop.Cancel();
        Assert.True(await run);
        Assert.Empty(rig.Events.OfType<StreamEvent.NeedsSnapshot>());
        await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
        return 0;
    });

    [Fact]
    public void What_etcd_compacted_away_is_covered_by_a_snapshot_and_the_log_goes_on() => SimulatedWorld.Run(
        async world =>
        {
            var rig = new StreamRig(world, seed: 5);
            using var stop = new CancellationTokenSource();
            var run = rig.StreamAsync(rig.NewStore(), stop.Token);
            await rig.WriteAsync(50);
            await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);

            rig.Etcd.GoDown();
            await rig.PauseAsync(1_000);
            await rig.WriteAsync(50);
            rig.Etcd.Compact(80);
            rig.Etcd.ComeBack();
            await rig.UntilAsync(() => rig.Events.OfType<StreamEvent.SnapshotTaken>().Any());
            await rig.WriteAsync(20);
            await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
            stop.Cancel();

            Assert.True(await run);
            Assert.Contains("compacted", Assert.Single(rig.Events.OfType<StreamEvent.NeedsSnapshot>()).Reason,
                StringComparison.Ordinal);
            await rig.ShouldHoldAsync(rig.Etcd.Head, after: rig.Snapshot!.Value);
            return 0;
        });

    [Fact]
    public void A_snapshot_ahead_of_the_log_leaves_no_hole_while_etcd_has_what_comes_between() => SimulatedWorld.Run(
        async world =>
        {
            var rig = await WithSnapshotAheadAsync(world, seed: 12);
            await FollowToTheEndAsync(rig);

            Assert.Empty(rig.Events.OfType<StreamEvent.NeedsSnapshot>());
            await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
            return 0;
        });

    [Fact]
    public void A_hole_before_a_snapshot_that_etcd_can_no_longer_fill_costs_no_other_snapshot() => SimulatedWorld.Run(
        async world =>
        {
            var rig = await WithSnapshotAheadAsync(world, seed: 13);
            var snapshot = rig.Snapshot!.Value;
            rig.Etcd.Compact(snapshot - 5);
            await FollowToTheEndAsync(rig);

            Assert.Empty(rig.Events.OfType<StreamEvent.NeedsSnapshot>());
            await rig.ShouldHoldAsync(rig.Etcd.Head, after: snapshot);
            return 0;
        });

    [Fact]
    public void A_repository_without_a_snapshot_gets_one_first() => SimulatedWorld.Run(async world =>
    {
        var rig = new StreamRig(world, seed: 6);
        await rig.WriteAsync(30);
        rig.ForgetSnapshot();
        using var stop = new CancellationTokenSource();
        var run = rig.StreamAsync(rig.NewStore(), stop.Token);
        await rig.WriteAsync(60);
        await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
        stop.Cancel();

        Assert.True(await run);
        await rig.ShouldHoldAsync(rig.Etcd.Head, after: rig.Snapshot!.Value);
        return 0;
    });

    [Theory]
    [InlineData("cluster", "is of cluster 00000000000000c2")]
    [InlineData("revision", "restored to an older state")]
    [InlineData("raft", "restored since")]
    [InlineData("changes", "is not the one that memory holds")]
    public void An_etcd_with_another_history_is_refused_and_nothing_is_stored(string what, string said) =>
        SimulatedWorld.Run(async world =>
        {
            var rig = new StreamRig(world, seed: 7);
            using (var stop = new CancellationTokenSource())
            {
                var run = rig.StreamAsync(rig.NewStore(), stop.Token);
                await rig.WriteAsync(50);
                await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
                stop.Cancel();
                await run;
            }

            Change(rig, what);
            var before = rig.Disk.Names;
            using var end = new CancellationTokenSource();
            var failure = await Assert.ThrowsAsync<SalvorException>(() => rig.StreamAsync(rig.NewStore(), end.Token));

            Assert.Equal(ErrorCode.ForeignCluster, failure.Code);
            Assert.Contains(said, failure.Message, StringComparison.Ordinal);
            Assert.Equal(before, rig.Disk.Names);
            return 0;
        });

    [Fact]
    public void Two_writers_of_one_cluster_do_no_harm() => SimulatedWorld.Run(async world =>
    {
        var rig = new StreamRig(world, seed: 8);
        using var stop = new CancellationTokenSource();
        var one = rig.StreamAsync(rig.NewStore(), stop.Token);
        await rig.WriteAsync(100);
        var other = rig.StreamAsync(rig.NewStore(), stop.Token);
        await rig.WriteAsync(100);
        await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
        stop.Cancel();

        Assert.True(await one);
        Assert.True(await other);
        await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
        return 0;
    });

    [Fact]
    public void A_damaged_last_segment_is_written_anew() => SimulatedWorld.Run(async world =>
    {
        var rig = new StreamRig(world, seed: 9);
        await RunFor(rig, 60);
        var last = rig.Disk.Names[^1];
        var bytes = rig.Disk[last]!.ToArray();
        bytes[^1] ^= 1;
        rig.Disk[last] = bytes;
        await RunFor(rig, 20);

        Assert.Single(rig.Events.OfType<StreamEvent.Warning>());
        rig.Disk[last] = null;
        await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
        return 0;
    });

    [Fact]
    public void Leases_are_stored_with_their_times_in_each_segment_that_refers_to_them() => SimulatedWorld.Run(
        async world =>
        {
            var rig = new StreamRig(world, seed: 10);
            await RunFor(rig, 300);
            var log = rig.LogOn(rig.NewStore());
            var seen = 0;
            foreach (var segment in (await log.ListAsync(CancellationToken.None)).Segments)
            {
                var reader = await log.OpenAsync(segment, CancellationToken.None);
                var known = reader.Header.Leases.ToDictionary(l => l.Id, l => l.TimeToLiveSeconds);
                var used = new HashSet<long>();
                while (reader.TryReadRevision())
                {
                    while (reader.TryReadChange(out var change))
                    {
                        Assert.True(Formats.Etcd.KeyValue.TryRead(change.Bytes.Span, out var pair));
                        used.Add(pair.Lease);
                    }
                }

                used.Remove(0);
                seen += used.Count;
                Assert.Equal(used.Order(), known.Keys.Order());
                Assert.All(known, l => Assert.Equal(l.Key == 99 ? 0 : l.Key * 10, l.Value));
            }

            Assert.True(seen > 20);
            return 0;
        });

    private static void Change(StreamRig rig, string what)
    {
        switch (what)
        {
            case "cluster":
                rig.Etcd.Origin = rig.Etcd.Origin with { ClusterId = 0xC2 };
                break;
            case "revision":
                rig.Etcd.RollBack(20);
                break;
            case "raft":
                rig.Etcd.Origin = rig.Etcd.Origin with { RaftIndex = 3 };
                break;
            default:
                rig.Etcd.RollBack(20);
                while (rig.Etcd.Head < 100)
                {
                    rig.Etcd.Write();
                }

                break;
        }
    }

    private static async Task RunFor(StreamRig rig, int revisions)
    {
        using var stop = new CancellationTokenSource();
        var run = rig.StreamAsync(rig.NewStore(), stop.Token);
        await rig.WriteAsync(revisions);
        await rig.UntilAsync(() => rig.Events.OfType<StreamEvent.Following>().Any());
        await rig.PauseAsync(1_000);
        stop.Cancel();
        Assert.True(await run);
    }

    /// <summary>The log ends, etcd goes on, and only then a snapshot is taken.</summary>
    private static async Task<StreamRig> WithSnapshotAheadAsync(SimulatedWorld world, int seed)
    {
        var rig = new StreamRig(world, seed);
        await FollowToTheEndAsync(rig);
        await rig.WriteAsync(30);
        await rig.TakeAsync("a backup", CancellationToken.None);
        return rig;
    }

    private static async Task FollowToTheEndAsync(StreamRig rig)
    {
        using var stop = new CancellationTokenSource();
        var run = rig.StreamAsync(rig.NewStore(), stop.Token);
        await rig.WriteAsync(40);
        await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
        stop.Cancel();
        Assert.True(await run);
    }
}
