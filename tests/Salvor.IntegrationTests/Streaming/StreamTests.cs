using System.Globalization;
using Salvor.EtcdClient;
using Salvor.Formats.Bbolt;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;
using Salvor.IntegrationTests.EtcdClient;
using Salvor.IntegrationTests.Support;
using Salvor.IntegrationTests.Workload;
using Salvor.Restore.Log;

namespace Salvor.IntegrationTests.Streaming;

/// <summary>The published binary beside real etcds: what it stored is what etcd's own database holds.</summary>
public sealed class StreamTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task A_snapshot_and_the_log_after_it_are_byte_for_byte_a_later_snapshot(string suite)
    {
        using var place = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync(suite);
        var repository = await StreamPlace.CreateAsync(place, etcd);
        var work = new WorkloadRun(etcd, seed: 5) { Compacts = false };
        await work.SendAsync(40);
        await etcd.Etcdctl.SaveSnapshotAsync(place["first.db"]);

        await using (var stream = repository.StartStream())
        {
            await repository.WaitUntilSafeAsync(await etcd.Etcdctl.RevisionAsync()); // Its first snapshot is taken.
            await work.SendAsync(150);
            await repository.WaitUntilSafeAsync(await etcd.Etcdctl.RevisionAsync());
            stream.SendTerminate();
            (await stream.FinishAsync()).ShouldExitWith(0);
        }

        await etcd.Etcdctl.SaveSnapshotAsync(place["second.db"]);
        var first = Entries(place["first.db"]);
        var second = Entries(place["second.db"]);
        var after = first.Max(e => e.Key.Revision.Main);
        using var log = await repository.OpenLogAsync();
        await foreach (var entry in new LogEntries(log.Segments).ReadAsync(
            after, second.Max(e => e.Key.Revision.Main), Ct))
        {
            first.Add((entry.Key, Convert.ToHexString(entry.Value.Span)));
        }

        Assert.Equal(second, first);
    }

    [Fact]
    public async Task Killed_paused_and_restarted_the_log_has_everything_that_etcd_said()
    {
        using var place = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync("sid");
        var repository = await StreamPlace.CreateAsync(place, etcd);
        var work = new WorkloadRun(etcd, seed: 5) { Compacts = false };
        var random = new Random(3);
        var start = await etcd.Etcdctl.RevisionAsync();
        var stream = repository.StartStream();
        try
        {
            await repository.WaitUntilSafeAsync(start);
            for (var round = 0; round < TestLevel.Choose(fast: 4, normal: 8, full: 40); round++)
            {
                await work.SendAsync(random.Next(5, 60));
                switch (round % 4)
                {
                    case 0:
                        stream.Kill();
                        await stream.DisposeAsync();
                        await work.SendAsync(20);
                        stream = repository.StartStream();
                        break;
                    case 1:
                        await etcd.KillAsync();
                        await etcd.StartAgainAsync();
                        break;
                    case 2:
                        stream.Pause();
                        await work.SendAsync(60);
                        stream.Resume();
                        break;
                    default:
                        await etcd.StopAsync();
                        await etcd.StartAgainAsync();
                        break;
                }
            }

            await repository.WaitUntilSafeAsync(await etcd.Etcdctl.RevisionAsync());
            stream.SendTerminate();
            (await stream.FinishAsync()).ShouldExitWith(0);
        }
        finally
        {
            await stream.DisposeAsync();
        }

        await ShouldHoldWhatEtcdSaysAsync(etcd, repository, start);
    }

    [Fact]
    public async Task What_etcd_compacted_past_the_log_is_covered_by_a_snapshot()
    {
        using var place = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync("sid");
        var repository = await StreamPlace.CreateAsync(place, etcd);
        var work = new WorkloadRun(etcd, seed: 5) { Compacts = false };
        await using (var stream = repository.StartStream())
        {
            await work.SendAsync(40);
            await repository.WaitUntilSafeAsync(await etcd.Etcdctl.RevisionAsync());
            stream.Kill();
            await stream.FinishAsync();
        }

        await work.SendAsync(60);
        var head = await etcd.Etcdctl.RevisionAsync();
        await etcd.Etcdctl.DoAsync("compaction", head.ToString(CultureInfo.InvariantCulture));
        await using (var stream = repository.StartStream())
        {
            await repository.WaitUntilSafeAsync(head); // The snapshot is taken; what comes now belongs to the log.
            await work.SendAsync(40);
            await repository.WaitUntilSafeAsync(await etcd.Etcdctl.RevisionAsync());
            stream.SendTerminate();
            var result = await stream.FinishAsync();
            result.ShouldExitWith(0);
            Assert.Contains("needsSnapshot", result.Stdout, StringComparison.Ordinal);
            Assert.Contains("compacted", result.Stdout, StringComparison.Ordinal);
        }

        Assert.True(repository.SnapshotRevision() >= head);
        await ShouldHoldWhatEtcdSaysAsync(etcd, repository, repository.SnapshotRevision());
    }

    [Fact]
    public async Task Only_what_computes_a_snapshot_gives_way_to_etcd()
    {
        using var place = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync("sid");
        var repository = await StreamPlace.CreateAsync(place, etcd);
        await using var stream = repository.StartStream();
        for (var key = 0; key < 20; key++)
        {
            await etcd.Etcdctl.PutAsync($"k{key}", "v");
        }

        await repository.WaitUntilSafeAsync(await etcd.Etcdctl.RevisionAsync()); // The first snapshot is taken.
        var usual = NiceOf($"/proc/{stream.Id}/stat");
        var threads = Directory.GetDirectories($"/proc/{stream.Id}/task")
            .Select(thread => NiceOf($"{thread}/stat")).OfType<int>().ToLookup(nice => nice == usual);

        Assert.NotEmpty(threads[true]);
        Assert.Equal([Math.Min(19, usual!.Value + 10), Math.Min(19, usual.Value + 10)], threads[false]);
        stream.SendTerminate();
        (await stream.FinishAsync()).ShouldExitWith(0);
    }

    [Fact]
    public async Task Another_cluster_is_refused()
    {
        using var place = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync("sid");
        var repository = await StreamPlace.CreateAsync(place, etcd);
        await using (var stream = repository.StartStream())
        {
            await etcd.Etcdctl.PutAsync("k", "v");
            await repository.WaitUntilSafeAsync(await etcd.Etcdctl.RevisionAsync());
            stream.SendTerminate();
            await stream.FinishAsync();
        }

        await using var other = await EtcdServer.StartAsync("sid");
        await using var wrong = repository.StartStream(other.Endpoint);
        var result = await wrong.FinishAsync();

        result.ShouldExitWith(20);
        Assert.Contains("cluster", result.Stdout + result.Stderr, StringComparison.Ordinal);
    }

    /// <summary>The 19th field, after a name in parentheses; null where the thread has just ended.</summary>
    private static int? NiceOf(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A watch of our plain client from the start: the other way to know every change.</summary>
    private static async Task ShouldHoldWhatEtcdSaysAsync(EtcdServer etcd, StreamPlace repository, long after)
    {
        var head = await etcd.Etcdctl.RevisionAsync();
        using var connection = Connections.To(etcd);
        using var watch = await connection.Watches.OpenAsync(
            new WatchOptions { Range = KeyRange.All, StartRevision = after + 1 }, Ct);
        var said = new List<string>();
        await foreach (var message in watch.ReadAllAsync(Ct))
        {
            foreach (var e in Assert.IsType<WatchMessage.Events>(message).List)
            {
                said.Add(Show(e.KeyValue.ModRevision, e.IsDelete, e.KeyValue.Key.Span, e.KeyValue.Value.Span,
                    e.KeyValue.LeaseId));
            }

            if (said.Count > 0 && said[^1].StartsWith($"{head} ", StringComparison.Ordinal))
            {
                break;
            }
        }

        var stored = new List<string>();
        using var log = await repository.OpenLogAsync();
        await foreach (var entry in new LogEntries(log.Segments).ReadAsync(after, head, Ct))
        {
            Assert.True(KeyValue.TryRead(entry.Value.Span, out var pair));
            stored.Add(Show(entry.Key.Revision.Main, entry.Key.IsTombstone, pair.Key, pair.Value, pair.Lease));
        }

        Assert.Equal(said, stored);
    }

    private static string Show(
        long revision, bool isDelete, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long lease) =>
        $"{revision} {isDelete} {Convert.ToHexString(key)} {Convert.ToHexString(value)} {lease}";

    private static List<(RevisionKey Key, string Value)> Entries(string snapshot)
    {
        var bytes = File.ReadAllBytes(snapshot);
        var image = BboltImage.Open(new MemoryByteSource(snapshot, bytes.AsSpan(0, bytes.Length - 32).ToArray()));
        var found = new List<(RevisionKey, string)>();
        image.Visit(image.ReadBuckets(image.Strict).Single(b => b.NameText == "key"), image.Strict, element =>
        {
            Assert.True(RevisionKey.TryRead(element.Key, out var revision));
            found.Add((revision, Convert.ToHexString(element.Value)));
        });

        return found;
    }
}
