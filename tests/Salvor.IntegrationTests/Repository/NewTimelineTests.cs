using System.Text.Json;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>A restored etcd's backups go on, and the old etcd's are kept out.</summary>
public sealed class NewTimelineTests
{
    /// <summary>A stream looks twice a minute, and stores what has gathered.</summary>
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(2);

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

    [Fact]
    public async Task A_running_stream_of_the_old_etcd_ends_by_itself()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var old = await EtcdServer.StartAsync("sid");
        await old.Etcdctl.PutAsync("/k", "v");
        await using var streamer = rig.StartStream(old);
        await rig.WaitForSnapshotAsync(streamer, timeline: 1);

        await rig.RestoreAsync("new", "--new-timeline");
        var ended = (await streamer.FinishAsync(timeout: EndMax)).ShouldExitWith(20);

        var lines = ended.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var error = JsonDocument.Parse(lines[^1]);
        Assert.Contains(lines, line => line.Contains("Timeline 2 was begun", StringComparison.Ordinal));
        Assert.Equal("foreignCluster", error.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(["begin"], Directory.GetFileSystemEntries(rig.Timeline(2)).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_running_stream_follows_its_own_etcd_into_a_new_timeline()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var etcd = await EtcdServer.StartAsync("sid");
        await etcd.Etcdctl.PutAsync("/k", "first");
        await using var streamer = rig.StartStream(etcd);
        await rig.WaitForSnapshotAsync(streamer, timeline: 1);

        Assert.Equal(2, (await rig.BackupAsync(etcd, "--new-timeline")).GetProperty("timeline").GetInt32());
        await etcd.Etcdctl.PutAsync("/k", "second");
        await rig.WaitForLogAsync(streamer, await etcd.Etcdctl.RevisionAsync(), timeline: 2);
        streamer.SendTerminate();

        (await streamer.FinishAsync()).ShouldExitWith(0);
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
