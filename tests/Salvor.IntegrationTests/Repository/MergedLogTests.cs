using System.Globalization;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>A log whose small segments prune has merged, and a day later deleted, restores as before.</summary>
public sealed class MergedLogTests
{
    private const int Seed = 20_261_130;
    private const int SegmentsMin = 80;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Any_revision_restores_from_merged_segments()
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var etcd = await EtcdServer.StartAsync("sid");
        await rig.BackupAsync(etcd);
        var answers = await StreamAsync(rig, etcd);
        await etcd.StopAsync();
        var small = rig.Objects("log");

        var merged = (await rig.RunAsync(["prune", "--yes"])).ShouldExitWith(0).Json().GetProperty("merged");
        Assert.True(merged.GetProperty("segments").GetInt32() >= SegmentsMin, merged.ToString());
        (await rig.RunAsync(["prune", "--yes"])).ShouldExitWith(0); // Plans what is covered now.
        // A day goes by, as far as the store's clock is concerned.
        foreach (var plan in Directory.GetFiles(Path.Combine(rig.Location, "prune")))
        {
            File.SetLastWriteTimeUtc(plan, DateTime.UtcNow - TimeSpan.FromHours(25));
        }

        var pruned = (await rig.RunAsync(["prune", "--yes"])).ShouldExitWith(0).Json();
        Assert.Equal(0, pruned.GetProperty("segmentsUnproven").GetInt32());
        Assert.True(pruned.GetProperty("deleted").GetProperty("segments").GetInt32() >= SegmentsMin);
        Assert.True(rig.Objects("log").Intersect(small).Count() <= small.Length - SegmentsMin);

        (await rig.RunAsync(["verify", "--read-data", "all"])).ShouldExitWith(0);
        foreach (var (revision, expected) in answers)
        {
            var (target, text) = ($"at-{revision}", revision.ToString(CultureInfo.InvariantCulture));
            await rig.RestoreAsync(target, "--revision", text, "--revision-bump", "0");
            await using var restored = await rig.BootAsync("sid", target);
            Assert.Equal(expected, await restored.Etcdctl.GetAllAsync());
        }
    }

    /// <summary>Streams until there are enough segments; tells what etcd answered at some revisions.</summary>
    private static async Task<SortedDictionary<long, IReadOnlyList<EtcdKeyValue>>> StreamAsync(
        RepositoryRig rig, EtcdServer etcd)
    {
        var config = rig["stream.yaml"];
        await File.WriteAllTextAsync(config, "log:\n  flushAfterMs: 50\n", Cancel);
        var answers = new SortedDictionary<long, IReadOnlyList<EtcdKeyValue>>();
        var random = new Random(Seed);
        await using var streamer = rig.StartStream(etcd, "--config", config);
        var log = Path.Combine(rig.Timeline(1), "log");
        while (!Directory.Exists(log) || rig.Objects("log").Length < SegmentsMin + 40)
        {
            Assert.False(streamer.HasExited, $"The stream ended:\n{streamer.Stdout}\n{streamer.Stderr}");
            using var load = new GatewayWorkload(etcd.Endpoint, random.Next()) { Compacts = false };
            await load.RunAsync(20);
            if (answers.Count < 4)
            {
                var revision = await etcd.Etcdctl.RevisionAsync() - random.Next(10);
                answers[revision] = await etcd.Etcdctl.GetAllAsync(revision);
            }
        }

        var head = await etcd.Etcdctl.RevisionAsync();
        answers[head] = await etcd.Etcdctl.GetAllAsync(head);
        await rig.WaitForLogAsync(streamer, head);
        streamer.SendTerminate();
        (await streamer.FinishAsync()).ShouldExitWith(0);
        return answers;
    }
}
