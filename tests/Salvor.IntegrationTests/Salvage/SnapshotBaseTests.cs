using Salvor.IntegrationTests.Support;
using Salvor.IntegrationTests.Workload;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>
/// A restored member's log begins where it was restored, so it can't tell the keyspace alone: with the database gone,
/// only a snapshot and the log after it lose nothing. And only a snapshot of that very history will do.
/// </summary>
public sealed class SnapshotBaseTests
{
    private const string Token = "one-token-for-both";

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Snapshot_and_log_lose_nothing_when_the_database_is_gone(string suite)
    {
        using var scene = new TempDirectory();
        await MakeSeedAsync(suite, scene, steps: 40);
        var truth = await LiveAndDieAsync(suite, scene, "etcd", seed: 2, stepsBefore: 60);
        await EmptyDatabaseAsync(scene["etcd"]);

        (await SalvageAsync(scene, "etcd", "--to", scene["without"])).ShouldExitWith(30);
        Assert.False(Directory.Exists(scene["without"]));
        (await SalvageAsync(scene, "etcd", "--to", scene["with"], "--snapshot", scene["etcd.db"])).ShouldExitWith(0);
        await HoldsAsync(suite, scene["with"], truth);
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Snapshot_from_right_after_the_restore_is_kin_to_a_database_that_can_be_read(string suite)
    {
        using var scene = new TempDirectory();
        await MakeSeedAsync(suite, scene, steps: 250);
        var truth = await LiveAndDieAsync(suite, scene, "etcd", seed: 5, stepsBefore: 0);

        // What was written last before the snapshot must be readable: it is the proof.
        Assert.True(DataDirectories.ZeroLeaves(DataDirectories.Db(scene["etcd"]), olderThan: 100) > 0);

        (await SalvageAsync(scene, "etcd", "--to", scene["without"])).ShouldExitWith(3);
        var with = await SalvageAsync(scene, "etcd", "--to", scene["with"], "--snapshot", scene["etcd.db"]);
        Assert.Contains("the snapshot, and the log after it", with.ShouldExitWith(0).Stdout, StringComparison.Ordinal);
        await HoldsAsync(suite, scene["with"], truth);

        // Nothing was written before the snapshot: without the database, no file tells what the log was begun on.
        await EmptyDatabaseAsync(scene["etcd"]);
        var refused = await SalvageAsync(scene, "etcd", "--to", scene["refused"], "--snapshot", scene["etcd.db"]);
        Assert.Contains("may be of another history", refused.ShouldExitWith(8).Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_of_another_history_is_refused()
    {
        using var scene = new TempDirectory();
        await MakeSeedAsync("sid", scene, steps: 40);
        await LiveAndDieAsync("sid", scene, "first", seed: 3, stepsBefore: 60);
        await LiveAndDieAsync("sid", scene, "second", seed: 4, stepsBefore: 60);
        DamageLastPages(DataDirectories.Db(scene["second"]));

        // The same token and URLs gave both the same ids: only the content tells them apart.
        var other = await SalvageAsync(scene, "second", "--to", scene["wrong"], "--snapshot", scene["first.db"]);
        Assert.Contains("not a snapshot of this log's history", other.ShouldExitWith(8).Stderr,
            StringComparison.Ordinal);
        var seed = await SalvageAsync(scene, "second", "--to", scene["wrong"], "--snapshot", scene["seed.db"]);
        Assert.Contains("does not know member", seed.ShouldExitWith(8).Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scene["wrong"]));

        // With the database gone, only the log is left to tell them apart.
        await EmptyDatabaseAsync(scene["second"]);
        other = await SalvageAsync(scene, "second", "--to", scene["wrong"], "--snapshot", scene["first.db"]);
        Assert.Contains("may be of another history", other.ShouldExitWith(8).Stderr, StringComparison.Ordinal);
        (await SalvageAsync(scene, "second", "--to", scene["right"], "--snapshot", scene["second.db"]))
            .ShouldExitWith(0);
    }

    /// <summary>A snapshot of a first cluster, from which the others are restored.</summary>
    private static async Task MakeSeedAsync(string suite, TempDirectory scene, int steps)
    {
        await using var etcd = await EtcdServer.StartAsync(suite);
        using var workload = new GatewayWorkload(etcd.Endpoint, seed: 1) { Compacts = false };
        await workload.RunAsync(steps);
        await etcd.Etcdctl.SaveSnapshotAsync(scene["seed.db"]);
    }

    /// <summary>Restores the seed, works on it, takes a snapshot, works on, and is killed.</summary>
    /// <returns>What etcd's own recovery makes of it.</returns>
    private static async Task<KeyspaceTruth> LiveAndDieAsync(
        string suite, TempDirectory scene, string name, int seed, int stepsBefore)
    {
        var restored = await SalvorCommand.RunAsync(
            "restore", scene["seed.db"], "--data-dir", scene[name], "--cluster-token", Token);
        restored.ShouldExitWith(0);
        var options = new EtcdServerOptions { Suite = suite, DataDirectory = scene[name] };
        await using var etcd = await EtcdServer.StartAsync(options);
        var run = new WorkloadRun(etcd, seed);
        await run.SendAsync(stepsBefore);
        await etcd.Etcdctl.SaveSnapshotAsync(scene[name + ".db"]);
        await run.SendAsync(60);
        await etcd.KillAsync();

        DirectoryCopy.Make(scene[name], scene[name + "-recovered"]);
        await using var recovered = await EtcdServer.StartAsync(
            options with { DataDirectory = scene[name + "-recovered"] });
        return await KeyspaceTruth.AskAsync(recovered);
    }

    private static Task<ToolResult> SalvageAsync(TempDirectory scene, string name, params string[] options) =>
        SalvorCommand.RunAsync(["salvage", scene[name], .. options]);

    private static async Task HoldsAsync(string suite, string salvaged, KeyspaceTruth truth)
    {
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, DataDirectory = salvaged });
        (await KeyspaceTruth.AskAsync(etcd)).ShouldEqual(truth, mayLackTombstones: true);
        etcd.ShouldHaveCleanLog();
    }

    private static Task EmptyDatabaseAsync(string directory) =>
        File.WriteAllBytesAsync(DataDirectories.Db(directory), [], TestContext.Current.CancellationToken);

    /// <summary>
    /// Takes away the tree's roots, which a small database has last, and leaves most leaves readable.
    /// </summary>
    private static void DamageLastPages(string database)
    {
        using var file = File.OpenWrite(database);
        var length = new FileInfo(database).Length;
        for (var page = 2L * 4096; page + 4096 <= length; page += 4 * 4096)
        {
            file.Position = page + 40;
            file.Write("this was a page"u8);
        }
    }
}
