using System.Globalization;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Verify;

/// <summary>The HashKV that verify computes from stored bytes is the one that the etcd with those bytes answers.</summary>
public sealed class VerifyHashTests
{
    public static TheoryData<string> Suites => EtcdBinaries.AllSuites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Hash_agrees_after_every_kind_of_change(string suite)
    {
        using var directory = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync(suite);
        await ShouldAgreeAsync(etcd, directory["empty.db"]);
        for (var i = 0; i < 12; i++)
        {
            await etcd.Etcdctl.PutAsync($"/k{i % 5}", $"value {i}");
        }

        await etcd.Etcdctl.DoAsync("del", "/k1");
        await ShouldAgreeAsync(etcd, directory["deleted.db"]);
        await CompactAsync(etcd, await etcd.Etcdctl.RevisionAsync()); // A tombstone at the compaction revision itself.
        await ShouldAgreeAsync(etcd, directory["tombstone.db"]);
        await etcd.Etcdctl.PutAsync("/k1", "a new life");
        await etcd.Etcdctl.DoAsync("del", "/k", "--prefix");
        await CompactAsync(etcd, await etcd.Etcdctl.RevisionAsync() - 1);
        await ShouldAgreeAsync(etcd, directory["range.db"]);
        await CompactAsync(etcd, await etcd.Etcdctl.RevisionAsync()); // No key is left.
        await ShouldAgreeAsync(etcd, directory["none.db"]);

        using (var load = new GatewayWorkload(etcd.Endpoint, seed: 7))
        {
            await load.RunAsync(300);
        }

        await ShouldAgreeAsync(etcd, directory["load.db"]);
        var hash = await etcd.Etcdctl.HashKvAsync();
        await etcd.StopAsync();
        Assert.Equal(hash, await HashAsync(etcd.DataDirectory));
        File.Copy(etcd.DatabaseFile, directory["copy.db"]);
        Assert.Equal(hash, await HashAsync(directory["copy.db"]));
    }

    [Fact]
    public async Task Large_pages_of_another_machine_boot_and_keep_their_hash()
    {
        using var directory = new TempDirectory();
        var image = new SampleImage(pageSizeBytes: 16384).ToSnapshot();
        await File.WriteAllBytesAsync(directory["snap.db"], image, TestContext.Current.CancellationToken);
        var restore = await SalvorCommand.RunAsync("restore", directory["snap.db"], "--data-dir", directory["data"]);
        restore.ShouldExitWith(0);
        var hash = await HashAsync(directory["data"]);
        await using var etcd = await EtcdServer.StartAsync(new EtcdServerOptions { DataDirectory = directory["data"] });
        Assert.Equal(hash, await etcd.Etcdctl.HashKvAsync());
        Assert.Equal(SampleImage.KeyCount, (await etcd.Etcdctl.GetAllAsync()).Count);
        await etcd.Etcdctl.PutAsync("/more", "v");
        await etcd.Etcdctl.DoAsync("compact", "100");
        etcd.ShouldHaveCleanLog();
    }

    private static async Task CompactAsync(EtcdServer etcd, long revision) =>
        await etcd.Etcdctl.DoAsync("compact", revision.ToString(CultureInfo.InvariantCulture), "--physical");

    private static async Task ShouldAgreeAsync(EtcdServer etcd, string file)
    {
        var hash = await etcd.Etcdctl.HashKvAsync();
        await etcd.Etcdctl.SaveSnapshotAsync(file);
        Assert.Equal(hash, await HashAsync(file));
        var status = await new Etcdutl(etcd.Binaries).SnapshotStatusAsync(file);
        Assert.Equal(status.GetProperty("hash").GetUInt32(), (await FactsAsync(file)).GetProperty("statusHash").GetUInt32());
    }

    private static async Task<uint> HashAsync(string path) => (await FactsAsync(path)).GetProperty("hashKv").GetUInt32();

    private static async Task<System.Text.Json.JsonElement> FactsAsync(string path) =>
        (await SalvorCommand.RunAsync("verify", path, "--output", "json")).ShouldExitWith(0).Json().GetProperty("database");
}
