using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>A restored etcd's backups go on, and the old etcd's are kept out.</summary>
public sealed class NewTimelineTests
{
    public static TheoryData<string> Suites => EtcdBinaries.AllSuites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task A_restored_etcd_goes_on_in_a_timeline_of_its_own(string suite)
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var old = await EtcdServer.StartAsync(suite);
        await old.Etcdctl.PutAsync("/k", "first");
        var first = await rig.BackupAsync(old);
        await using (var streamer = rig.StartStream(old))
        {
            await old.Etcdctl.PutAsync("/k", "second");
            await rig.WaitForLogAsync(streamer, await old.Etcdctl.RevisionAsync());
            await old.KillAsync();
            streamer.Kill();
        }

        var report = await rig.RestoreAsync("new", "--new-timeline");

        Assert.Equal(2, report.GetProperty("newTimeline").GetInt32());
        await using (var restored = await rig.BootAsync(suite, "new"))
        {
            Assert.Equal("second", await restored.Etcdctl.GetAsync("/k"));
            await using var streamer = rig.StartStream(restored);
            await rig.WaitForSnapshotAsync(streamer, timeline: 2);
            await restored.Etcdctl.PutAsync("/k", "third");
            await rig.WaitForLogAsync(streamer, await restored.Etcdctl.RevisionAsync(), timeline: 2);
            streamer.SendTerminate();
            (await streamer.FinishAsync()).ShouldExitWith(0);
            Assert.Equal(2, (await rig.BackupAsync(restored)).GetProperty("timeline").GetInt32());
            await restored.StopAsync();
        }

        await ShouldRefuseAsync(rig, old);
        var id = first.GetProperty("snapshot").GetString()!;
        await rig.RestoreAsync("before", "--snapshot", id, "--revision-bump", "0");
        await rig.RestoreAsync("after", "--revision-bump", "0");
        await using var before = await rig.BootAsync(suite, "before");
        await using var after = await rig.BootAsync(suite, "after");
        Assert.Equal("first", await before.Etcdctl.GetAsync("/k"));
        Assert.Equal("third", await after.Etcdctl.GetAsync("/k"));
    }

    [Fact]
    public async Task A_restore_that_fails_leaves_the_timelines_as_they_were()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var etcd = await EtcdServer.StartAsync("sid");
        await etcd.Etcdctl.PutAsync("/k", "v");
        await rig.BackupAsync(etcd);
        await rig.RestoreAsync("target");

        (await rig.TryRestoreAsync("target", "--new-timeline")).ShouldExitWith(4);

        Assert.Equal(1, (await rig.BackupAsync(etcd)).GetProperty("timeline").GetInt32());
    }

    /// <summary>The old etcd comes back with its data as it was, and nothing of it is stored any more.</summary>
    private static async Task ShouldRefuseAsync(RepositoryRig rig, EtcdServer old)
    {
        await old.StartAgainAsync();
        await old.Etcdctl.PutAsync("/k", "of another history");
        var stored = Directory.GetFiles(rig.Location, "*", SearchOption.AllDirectories).Order().ToArray();

        var refused = (await rig.TryBackupAsync(old)).ShouldExitWith(20);
        await using var streamer = rig.StartStream(old);
        (await streamer.FinishAsync()).ShouldExitWith(20);

        Assert.Equal("foreignCluster", refused.Json().GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(stored, Directory.GetFiles(rig.Location, "*", SearchOption.AllDirectories).Order());
        await old.StopAsync();
    }
}
