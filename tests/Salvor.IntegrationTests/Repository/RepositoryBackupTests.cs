using System.Text.Json;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>Snapshots of real etcds into a repository, and real etcds on what is restored from it.</summary>
public sealed class RepositoryBackupTests
{
    public static TheoryData<string> Suites => EtcdBinaries.AllSuites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Every_snapshot_restores_to_what_etcd_held_when_it_was_taken(string suite)
    {
        const int Seed = 7;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync(suite);
        var taken = new List<(JsonElement Snapshot, KeyspaceTruth Truth)>();
        using (var load = new GatewayWorkload(source.Endpoint, Seed))
        {
            for (var i = 0; i < 3; i++)
            {
                await load.RunAsync(TestLevel.Choose(60, 150, 800));
                taken.Add((await rig.BackupAsync(source), await KeyspaceTruth.AskAsync(source)));
            }
        }

        await source.StopAsync();
        Assert.Equal(3, (await rig.ListAsync()).ShouldExitWith(0).Json().GetProperty("snapshots").GetArrayLength());
        Assert.All(taken, pair => Assert.Equal(pair.Truth.Head, pair.Snapshot.GetProperty("revision").GetInt64()));
        foreach (var (snapshot, truth) in taken)
        {
            var id = snapshot.GetProperty("snapshot").GetString()!;
            var report = await rig.RestoreAsync(id, "--snapshot", id, "--revision-bump", "0");
            Assert.Equal(truth.Head, report.GetProperty("revision").GetInt64());
            await using var restored = await rig.BootAsync(suite, id);
            (await KeyspaceTruth.AskAsync(restored)).ShouldEqual(truth);
        }
    }

    [Fact]
    public async Task Only_changed_pages_are_stored_again()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync("sid");
        using (var load = new GatewayWorkload(source.Endpoint, seed: 4))
        {
            await load.RunAsync(600);
        }

        var first = await rig.BackupAsync(source);
        await source.Etcdctl.PutAsync("/one", "more");

        var second = await rig.BackupAsync(source);

        var all = first.GetProperty("changedPages").GetInt64();
        Assert.InRange(second.GetProperty("changedPages").GetInt64(), 1, all / 3);
        Assert.True(second.GetProperty("storedBytes").GetInt64()
            <= 1.3 * 4096 * second.GetProperty("changedPages").GetInt64());
        Assert.Equal(
            second.GetProperty("revision").GetInt64(),
            (await rig.RestoreAsync("newest", "--revision-bump", "0")).GetProperty("revision").GetInt64());
    }

    [Fact]
    public async Task A_restore_raises_the_revision_unless_told_otherwise()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync("sid");
        await source.Etcdctl.PutAsync("/k", "v");
        await rig.BackupAsync(source);
        await source.StopAsync();

        await rig.RestoreAsync("restored");

        await using var restored = await rig.BootAsync("sid", "restored");
        Assert.InRange(await restored.Etcdctl.RevisionAsync(), 1_000_000_000, 1_000_001_000);
        Assert.Equal("v", await restored.Etcdctl.GetAsync("/k"));
    }

    [Fact]
    public async Task Another_cluster_and_another_past_are_refused_until_a_timeline_is_begun()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync("sid");
        await source.Etcdctl.PutAsync("/k", "v");
        await rig.BackupAsync(source);
        var before = rig.Objects("packs");
        await using var other = await EtcdServer.StartAsync("sid");

        var refused = (await rig.TryBackupAsync(other)).ShouldExitWith(20);

        Assert.Equal("foreignCluster", refused.Json().GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(before, rig.Objects("packs"));
        var begun = await rig.BackupAsync(other, "--new-timeline");
        Assert.Equal(2, begun.GetProperty("timeline").GetInt32());
        (await rig.TryBackupAsync(source)).ShouldExitWith(20);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_passed_over_for_the_one_before_it()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync("sid");
        await source.Etcdctl.PutAsync("/k", "first");
        var first = await rig.BackupAsync(source);
        await source.Etcdctl.PutAsync("/k", "second");
        var second = await rig.BackupAsync(source);
        var pack = rig.Objects("packs")[^1];
        var bytes = await File.ReadAllBytesAsync(pack, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 3] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes, TestContext.Current.CancellationToken);

        var report = await rig.RestoreAsync("restored", "--revision-bump", "0");
        var named = (await rig.TryRestoreAsync(
            "named", "--snapshot", second.GetProperty("snapshot").GetString()!)).ShouldExitWith(30);

        Assert.Equal(first.GetProperty("revision").GetInt64(), report.GetProperty("revision").GetInt64());
        Assert.Equal(
            second.GetProperty("snapshot").GetString(),
            report.GetProperty("passedOver")[0].GetProperty("what").GetString());
        Assert.Contains(Path.GetFileName(pack), named.Json().ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(rig["named"], "member")));
    }

    [Fact]
    public async Task A_damaged_segment_ends_the_log_before_it_and_not_the_restore()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync("sid");
        await rig.BackupAsync(source);
        await using (var streamer = rig.StartStream(source))
        {
            foreach (var value in new[] { "first", "second" })
            {
                await source.Etcdctl.PutAsync("/k", value);
                await rig.WaitForLogAsync(streamer, await source.Etcdctl.RevisionAsync());
            }

            streamer.SendTerminate();
            (await streamer.FinishAsync()).ShouldExitWith(0);
        }

        await source.StopAsync();
        var segment = rig.Objects("log")[^1];
        var bytes = await File.ReadAllBytesAsync(segment, TestContext.Current.CancellationToken);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes, TestContext.Current.CancellationToken);

        var report = await rig.RestoreAsync("restored", "--revision-bump", "0");

        Assert.Equal(2, report.GetProperty("revision").GetInt64());
        var passed = report.GetProperty("passedOver")[0];
        Assert.Equal("the log", passed.GetProperty("what").GetString());
        Assert.Equal(3, passed.GetProperty("revision").GetInt64());
        await using var restored = await rig.BootAsync("sid", "restored");
        Assert.Equal("first", await restored.Etcdctl.GetAsync("/k"));
    }

    [Fact]
    public async Task A_snapshot_s_own_history_serves_the_revisions_before_it()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync("sid");
        await source.Etcdctl.PutAsync("/k", "first");
        await source.Etcdctl.PutAsync("/k", "second");
        await rig.BackupAsync(source);
        await source.StopAsync();

        await rig.RestoreAsync("restored", "--revision", "2", "--revision-bump", "0");

        await using var restored = await rig.BootAsync("sid", "restored");
        Assert.Equal("first", await restored.Etcdctl.GetAsync("/k"));
        Assert.Equal(2, await restored.Etcdctl.RevisionAsync());
    }

    [Fact]
    public async Task A_moment_before_the_first_snapshot_is_refused_plainly()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var source = await EtcdServer.StartAsync("sid");
        await source.Etcdctl.PutAsync("/k", "v");
        (await rig.TryRestoreAsync("empty")).ShouldExitWith(5);
        await source.Etcdctl.PutAsync("/k", "w");
        await source.Etcdctl.DoAsync("compact", "3");
        await rig.BackupAsync(source);

        (await rig.TryRestoreAsync("t", "--revision", "2")).ShouldExitWith(5);
        (await rig.TryRestoreAsync("t", "--revision", "4")).ShouldExitWith(5);
        (await rig.TryRestoreAsync("t", "--time", "2001-01-01")).ShouldExitWith(5);
        (await rig.TryRestoreAsync("t", "--time", "2001-01-01", "--to", "latest")).ShouldExitWith(2);
    }
}
