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
        await MakeSeedAsync(suite, scene);
        var truth = await LiveAndDieAsync(suite, scene, "etcd", seed: 2, "newest.db");
        await File.WriteAllBytesAsync(Path.Combine(scene["etcd"], "member/snap/db"), [], TestContext.Current.CancellationToken);

        (await SalvorCommand.RunAsync("salvage", scene["etcd"], "--to", scene["without"])).ShouldExitWith(30);
        Assert.False(Directory.Exists(scene["without"]));
        (await SalvorCommand.RunAsync("salvage", scene["etcd"], "--snapshot", scene["newest.db"], "--to", scene["with"]))
            .ShouldExitWith(0);

        await using var etcd = await EtcdServer.StartAsync(new EtcdServerOptions { Suite = suite, DataDirectory = scene["with"] });
        Assert.Equal(truth, await Truth.RecordAsync(etcd));
        etcd.ShouldHaveCleanLog();
    }

    [Fact]
    public async Task Snapshot_of_another_history_is_refused()
    {
        using var scene = new TempDirectory();
        await MakeSeedAsync("sid", scene);
        await LiveAndDieAsync("sid", scene, "first", seed: 3, "first.db");
        await LiveAndDieAsync("sid", scene, "second", seed: 4, "second.db");
        DamageLastPages(Path.Combine(scene["second"], "member/snap/db"));

        // The same token and URLs gave both the same ids: only the content tells them apart.
        var other = await SalvorCommand.RunAsync("salvage", scene["second"], "--snapshot", scene["first.db"], "--to", scene["wrong"]);
        Assert.Contains("not a snapshot of this log's history", other.ShouldExitWith(8).Stderr, StringComparison.Ordinal);
        var seed = await SalvorCommand.RunAsync("salvage", scene["second"], "--snapshot", scene["seed.db"], "--to", scene["wrong"]);
        Assert.Contains("does not know member", seed.ShouldExitWith(8).Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scene["wrong"]));

        // With the database gone, only the log is left to tell them apart.
        await File.WriteAllBytesAsync(Path.Combine(scene["second"], "member/snap/db"), [], TestContext.Current.CancellationToken);
        other = await SalvorCommand.RunAsync("salvage", scene["second"], "--snapshot", scene["first.db"], "--to", scene["wrong"]);
        Assert.Contains("may be of another history", other.ShouldExitWith(8).Stderr, StringComparison.Ordinal);
        (await SalvorCommand.RunAsync("salvage", scene["second"], "--snapshot", scene["second.db"], "--to", scene["right"]))
            .ShouldExitWith(0);
    }

    /// <summary>A snapshot of a first cluster, from which the others are restored.</summary>
    private static async Task MakeSeedAsync(string suite, TempDirectory scene)
    {
        await using var etcd = await EtcdServer.StartAsync(suite);
        await new WorkloadRun(etcd, seed: 1).SendAsync(40);
        await etcd.Etcdctl.SaveSnapshotAsync(scene["seed.db"]);
    }

    /// <summary>Restores the seed, works on it, takes a snapshot, works on, and is killed.</summary>
    /// <returns>What etcd's own recovery makes of it.</returns>
    private static async Task<string> LiveAndDieAsync(string suite, TempDirectory scene, string name, int seed, string snapshot)
    {
        (await SalvorCommand.RunAsync("restore", scene["seed.db"], "--data-dir", scene[name], "--cluster-token", Token)).ShouldExitWith(0);
        var options = new EtcdServerOptions { Suite = suite, DataDirectory = scene[name] };
        await using var etcd = await EtcdServer.StartAsync(options);
        var run = new WorkloadRun(etcd, seed);
        await run.SendAsync(60);
        await etcd.Etcdctl.SaveSnapshotAsync(scene[snapshot]);
        await run.SendAsync(60);
        await etcd.KillAsync();

        DirectoryCopy.Make(scene[name], scene[name + "-recovered"]);
        await using var recovered = await EtcdServer.StartAsync(options with { DataDirectory = scene[name + "-recovered"] });
        return await Truth.RecordAsync(recovered);
    }

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
