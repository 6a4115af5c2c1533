using Salvor.Backup.Streaming;
using Salvor.Errors;
using Salvor.Platform.Linux;
using Salvor.Repository.Log;
using Salvor.Tests.Support;

namespace Salvor.Tests.Backup.Streaming;

[Collection(SimulatedWorldGroup.Name)]
public sealed class StreamSpoolTests
{
    private static readonly StreamOptions Small = new() { FlushBytes = 2_000, WaitingBytesMax = 6_000 };

    [Fact]
    public void An_outage_of_the_store_costs_no_revision_though_etcd_compacts_them() => SimulatedWorld.Run(
        async world =>
        {
            var rig = new StreamRig(world, seed: 31) { Options = Small, SpoolFiles = new MemoryFiles() };
            using var stop = new CancellationTokenSource();
            var store = rig.NewStore();
            var run = rig.StreamAsync(store, stop.Token);
            await rig.WriteAsync(20);
            store.IsAway = true;
            await rig.WriteAsync(2_000, valueBytes: 100);
            await rig.PauseAsync(5_000);
            Assert.True(rig.Spool!.WaitingBytes > 3 * Small.WaitingBytesMax);
            rig.Etcd.Compact(rig.Etcd.Head);
            store.IsAway = false;
            await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
            stop.Cancel();

            Assert.True(await run);
            Assert.Empty(rig.Events.OfType<StreamEvent.NeedsSnapshot>());
            Assert.Empty(rig.Events.OfType<StreamEvent.Held>());
            Assert.Equal(0, rig.Spool.WaitingBytes);
            await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
            return 0;
        });

    [Fact]
    public void A_stream_killed_while_the_store_is_away_loses_nothing_that_it_had_closed() => SimulatedWorld.Run(
        async world =>
        {
            var rig = new StreamRig(world, seed: 32) { Options = Small, SpoolFiles = new MemoryFiles() };
            var store = rig.NewStore();
            using (var stop = new CancellationTokenSource())
            {
                var run = rig.StreamAsync(store, stop.Token);
                await rig.WriteAsync(50);
                store.IsAway = true;
                await rig.WriteAsync(300);
                await rig.PauseAsync(5_000);
                store.Killed.SetResult();
                Assert.False(await run);
            }

            var head = rig.Etcd.Head;
            Assert.True(rig.Safe < head);
            rig.Etcd.Compact(head);
            using var end = new CancellationTokenSource();
            var next = rig.StreamAsync(rig.NewStore(), end.Token);
            await rig.UntilAsync(() => rig.Safe == head);
            end.Cancel();

            Assert.True(await next);
            Assert.Empty(rig.Events.OfType<StreamEvent.NeedsSnapshot>());
            Assert.Single(rig.Events.OfType<StreamEvent.SpoolEmptied>());
            await rig.ShouldHoldAsync(head, after: 1);
            return 0;
        });

    [Fact]
    public void A_full_spool_holds_the_watch_and_all_arrives_later() => SimulatedWorld.Run(async world =>
    {
        var rig = new StreamRig(world, seed: 33) { Options = Small, SpoolFiles = new MemoryFiles() };
        using var stop = new CancellationTokenSource();
        var store = rig.NewStore();
        var run = rig.StreamAsync(store, stop.Token);
        await rig.WriteAsync(20);
        store.IsAway = true;
        for (var i = 0; i < 12; i++)
        {
            await rig.WriteAsync(2_000, valueBytes: 400);
        }

        await rig.PauseAsync(60_000);
        Assert.NotEmpty(rig.Events.OfType<StreamEvent.Held>());
        store.IsAway = false;
        await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
        stop.Cancel();
        Assert.True(await run);
        await rig.ShouldHoldAsync(rig.Etcd.Head, after: 1);
        return 0;
    });

    [Fact]
    public void What_another_timeline_or_a_fault_left_stays_and_is_said() => SimulatedWorld.Run(async world =>
    {
        var files = new MemoryFiles();
        var name = new SegmentName(2, 3, "0123456789abcdef0123");
        files.With($"/spool/{name}", [1, 2, 3]).With($"/spool/.{name}", [1]);
        var rig = new StreamRig(world, seed: 34) { SpoolFiles = files };
        using var stop = new CancellationTokenSource();
        var run = rig.StreamAsync(rig.NewStore(), stop.Token);
        await rig.WriteAsync(20);
        await rig.UntilAsync(() => rig.Safe == rig.Etcd.Head);
        stop.Cancel();

        Assert.True(await run);
        Assert.Contains($"/spool/{name} stays", Assert.Single(rig.Events.OfType<StreamEvent.Warning>()).Text,
            StringComparison.Ordinal);
        Assert.Equal(3, rig.Spool!.WaitingBytes);
        Assert.Null(files.Stat($"/spool/.{name}"));
        return 0;
    });

    [Fact]
    public void Etcds_own_disk_and_another_streams_spool_are_refused()
    {
        using var temporary = new TempDirectory();
        var files = new LinuxFileSystem();
        var spool = temporary["spool"];
        var e = Assert.Throws<SalvorException>(
            () => SegmentSpool.Open(files, spool, bytesMax: 1000, ["/nowhere", temporary.FullName]));
        Assert.Equal(ErrorCode.Usage, e.Code);
        Assert.Contains(temporary.FullName, e.Message, StringComparison.Ordinal);

        using var first = SegmentSpool.Open(files, spool, bytesMax: 1000, etcdDirectories: []);
        Assert.Equal(ErrorCode.InUse, Assert.Throws<SalvorException>(
            () => SegmentSpool.Open(files, spool, bytesMax: 1000, etcdDirectories: [])).Code);
        var name = new SegmentName(2, 3, "0123456789abcdef0123");
        Assert.False(first.TryAdd(name, new byte[1001]));
        Assert.True(first.TryAdd(name, [7, 8, 9]));
        Assert.Equal([7, 8, 9], first.Read(name));
        Assert.Equal([name], first.Leftovers());
        first.Remove(name);
        Assert.Equal(0, first.WaitingBytes);
        Assert.Equal(["lock"], Directory.GetFiles(spool).Select(Path.GetFileName));
    }
}
