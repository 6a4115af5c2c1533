using System.Globalization;
using System.Security.Cryptography;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>Repositories of real etcds, verified, shown and exported; etcd's own tools judge what comes out.</summary>
public sealed class VerifyAndExportTests
{
    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Exports_of_any_moment_restore_by_etcds_own_tool_to_what_etcd_held(string suite)
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var etcd = await EtcdServer.StartAsync(suite);
        await LoadAsync(etcd, seed: 11);
        var snapshot = await rig.BackupAsync(etcd);
        var head = await StreamAsync(rig, etcd);
        var held = snapshot.GetProperty("revision").GetInt64();
        var middle = held + ((head - held) / 2);
        var id = snapshot.GetProperty("snapshot").GetString()!;
        Assert.InRange(middle, held + 1, head - 1);

        (string Name, long Revision, string[] Point)[] points =
        [
            ("snapshot", held, ["--snapshot", id]),
            ("middle", middle, ["--revision", middle.ToString(CultureInfo.InvariantCulture)]),
            ("latest", head, ["--to", "latest"]),
        ];
        foreach (var (name, revision, point) in points)
        {
            var file = rig[name + ".db"];
            var report = (await rig.RunAsync(["export", file, .. point])).ShouldExitWith(0).Json();
            Assert.Equal(revision, report.GetProperty("revision").GetInt64());
            Assert.Equal(name == "snapshot", report.GetProperty("asSent").GetBoolean());
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(SHA256.HashData(bytes.AsSpan(..^32)), bytes[^32..]);
            await CheckFileAsync(rig, etcd, name, revision);
        }

        Assert.Equal(4, (await rig.RunAsync(["export", rig["latest.db"]])).ExitCode);
    }

    [Fact]
    public async Task A_repository_of_a_real_etcd_verifies_and_damage_is_told_with_its_exit_code()
    {
        using var rig = new RepositoryRig();
        await rig.InitAsync();
        await using var etcd = await EtcdServer.StartAsync("sid");
        await LoadAsync(etcd, seed: 12);
        var snapshot = await rig.BackupAsync(etcd);
        var head = await StreamAsync(rig, etcd);

        foreach (var depth in (string[][])[[], ["--read-data", "10%"], ["--read-data", "all"]])
        {
            var good = (await rig.RunAsync(["verify", .. depth])).ShouldExitWith(0).Json();
            Assert.True(good.GetProperty("good").GetBoolean());
            Assert.Equal(1, good.GetProperty("goodSnapshots").GetInt32());
            if (depth is [_, "all"])
            {
                var database = good.GetProperty("database");
                Assert.Equal(snapshot.GetProperty("revision").GetInt64(), database.GetProperty("revision").GetInt64());
                Assert.True(database.GetProperty("hashKv").GetInt64() > 0);
            }
        }

        var listed = (await rig.ListAsync()).ShouldExitWith(0).Json().GetProperty("snapshots")[0];
        Assert.Equal("all", listed.GetProperty("verified").GetProperty("depth").GetString());
        var id = snapshot.GetProperty("snapshot").GetString()!;
        var shown = (await rig.RunAsync(["show", id[..16]])).ShouldExitWith(0).Json();
        Assert.Equal(head, shown.GetProperty("log").GetProperty("revision").GetInt64());
        Assert.Equal(3, shown.GetProperty("checks").GetArrayLength());

        var pack = rig.Objects("packs")[0];
        var bytes = await File.ReadAllBytesAsync(pack, TestContext.Current.CancellationToken);
        bytes[200] ^= 1;
        await File.WriteAllBytesAsync(pack, bytes, TestContext.Current.CancellationToken);
        var damaged = (await rig.RunAsync(["verify", "--read-data", "all"])).ShouldExitWith(30).Json();
        var finding = damaged.GetProperty("findings")[0];
        Assert.Equal("repository.pack.frame", finding.GetProperty("code").GetString());
        Assert.EndsWith(Path.GetFileName(pack), finding.GetProperty("source").GetString(), StringComparison.Ordinal);
    }

    private static async Task LoadAsync(EtcdServer etcd, int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        using var load = new GatewayWorkload(etcd.Endpoint, seed) { Compacts = false };
        await load.RunAsync(150);
    }

    /// <summary>Streams some more changes.</summary>
    /// <returns>The revision that the log reaches.</returns>
    private static async Task<long> StreamAsync(RepositoryRig rig, EtcdServer etcd)
    {
        await using var streamer = rig.StartStream(etcd);
        await LoadAsync(etcd, seed: 13);
        var head = await etcd.Etcdctl.RevisionAsync();
        await rig.WaitForLogAsync(streamer, head);
        streamer.SendTerminate();
        (await streamer.FinishAsync()).ShouldExitWith(0);
        return head;
    }

    private static async Task CheckFileAsync(RepositoryRig rig, EtcdServer etcd, string name, long revision)
    {
        var tool = new Etcdutl(etcd.Binaries);
        var status = await tool.SnapshotStatusAsync(rig[name + ".db"]);
        Assert.Equal(revision, status.GetProperty("revision").GetInt64());
        await tool.RestoreAsync(rig[name + ".db"], rig[name]);
        await using var restored = await rig.BootAsync(etcd.Binaries.Suite, name);
        Assert.Equal(await etcd.Etcdctl.GetAllAsync(revision), await restored.Etcdctl.GetAllAsync());
    }
}
