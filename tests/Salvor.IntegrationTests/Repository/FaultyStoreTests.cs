using System.Globalization;
using Salvor.IntegrationTests.ObjectStore;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Streaming;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>
/// The store too fails while it is streamed to: it stands still, ends and comes back, resets connections midway, and
/// loses answers to what it carried out. What was called stored is never lost, and any revision restores.
/// </summary>
/// <remarks>
/// The emulation keeps its objects in memory, so its end is a proxy that refuses connections; it stands still by
/// SIGSTOP. Most restored revisions are compared by our own reader, and one in ten by a real etcd that is booted on it.
/// </remarks>
public sealed class FaultyStoreTests(MotoFixture moto) : IClassFixture<MotoFixture>
{
    private const int BootEach = 10;
    private static readonly int Rounds = TestLevel.Choose(6, 12, 80);
    private static readonly int Samples = TestLevel.Choose(10, 30, 400);

    [Fact]
    public async Task Whatever_the_store_does_what_was_called_stored_restores_as_etcd_answered_it()
    {
        var seed = TestLevel.Choose(7, 7, Environment.TickCount & 0xFFFF);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var chaos = new StoreChaos(seed);
        var bucket = await moto.NewBucketAsync();
        await using var proxy = new StoreProxy(moto.Server.Endpoint);
        using var rig = new RepositoryRig($"s3://{bucket}/prod", proxy.Access);
        await using var etcd = await EtcdServer.StartAsync("sid");
        await rig.InitAsync();
        await rig.BackupAsync(etcd);
        var first = await etcd.Etcdctl.RevisionAsync();
        var acknowledged = new SortedSet<long> { first };
        proxy.Decide = chaos.Decide;
        var stream = rig.StartStream(etcd);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                stream = await RoundAsync(random, proxy, rig, etcd, stream, acknowledged);
                Assert.False(stream.HasExited, $"Round {round}:\n{stream.Stdout}\n{stream.Stderr}");
            }

            chaos.Percent = 0;
            var head = await etcd.Etcdctl.RevisionAsync();
            await StreamEvents.WaitUntilSafeAsync(stream, head);
            acknowledged.Add(head);
        }
        finally
        {
            stream.SendTerminate();
            (await stream.FinishAsync()).ShouldExitWith(0);
            await stream.DisposeAsync();
        }

        Assert.True(chaos.Faults >= Rounds, $"Only {chaos.Faults} requests of {proxy.Requests.Count} met a fault.");
        (await rig.RunAsync(["verify"])).ShouldExitWith(0);
        var revisions = new SortedSet<long>(acknowledged);
        while (revisions.Count < Math.Min(Samples, acknowledged.Max - first))
        {
            revisions.Add(random.NextInt64(first, acknowledged.Max + 1));
        }

        await ShouldRestoreAsync(rig, etcd, revisions);
    }

    /// <returns>The stream that runs now.</returns>
    private async Task<ToolProcess> RoundAsync(
        Random random, StoreProxy proxy, RepositoryRig rig, EtcdServer etcd, ToolProcess stream,
        SortedSet<long> acknowledged)
    {
        switch (random.Next(5))
        {
            case 0: // The store ends, and comes back.
                proxy.Close();
                await WriteAsync(etcd, random);
                proxy.Open();
                break;
            case 1: // The store stands still with all its connections.
                moto.Server.Pause();
                await WriteAsync(etcd, random);
                moto.Server.Resume();
                break;
            case 2: // The streamer is killed while segments are under way.
                await WriteAsync(etcd, random);
                stream.Kill();
                await stream.FinishAsync();
                acknowledged.Add(Math.Max(acknowledged.Min, StreamEvents.SafeRevision(stream)));
                await stream.DisposeAsync();
                stream = rig.StartStream(etcd);
                break;
            case 3: // A backup beside the stream: it may fail, but only as the store did.
                var backup = await rig.TryBackupAsync(etcd);
                Assert.True(backup.ExitCode is 0 or 16, backup.ToString());
                if (backup.ExitCode == 0)
                {
                    acknowledged.Add(backup.Json().GetProperty("revision").GetInt64());
                }

                break;
            default:
                await WriteAsync(etcd, random);
                await etcd.StopAsync();
                await etcd.StartAgainAsync();
                break;
        }

        await WriteAsync(etcd, random);
        return stream;
    }

    private static async Task WriteAsync(EtcdServer etcd, Random random)
    {
        using var load = new GatewayWorkload(etcd.Endpoint, random.Next()) { Compacts = false };
        await load.RunAsync(20);
    }

    /// <summary>Nothing was compacted, so etcd still answers for every revision.</summary>
    private static async Task ShouldRestoreAsync(
        RepositoryRig rig, EtcdServer etcd, IReadOnlyCollection<long> revisions)
    {
        var count = 0;
        foreach (var revision in revisions)
        {
            var expected = await etcd.Etcdctl.GetAllAsync(revision);
            var target = string.Create(CultureInfo.InvariantCulture, $"at-{revision}");
            var report = await rig.RestoreAsync(
                target, "--revision", revision.ToString(CultureInfo.InvariantCulture), "--revision-bump", "0");
            Assert.Equal(revision, report.GetProperty("revision").GetInt64());
            Assert.Equal(expected, RestoredKeyspace.Read(rig[target]));
            if (count++ % BootEach == 0)
            {
                await using var restored = await rig.BootAsync("sid", target);
                Assert.Equal(expected, await restored.Etcdctl.GetAllAsync());
            }

            Directory.Delete(rig[target], recursive: true);
        }
    }
}
