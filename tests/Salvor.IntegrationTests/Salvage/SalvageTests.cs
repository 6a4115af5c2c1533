using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>
/// A workload of every kind of request, kill -9, damage, salvage: the result must hold what etcd itself recovers.
/// </summary>
public sealed class SalvageTests
{
    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Whatever_survives_gives_what_etcd_itself_recovers(string suite)
    {
        using var scratch = new TempDirectory();
        var killed = await KilledAsync(suite, scratch, seed: 11, steps: 600);
        var truth = await TruthAsync(suite, DataDirectories.Copy(killed, scratch["truth"]));

        await SalvagedShouldEqual(truth, killed, scratch["none"], EtcdBinaries.AllSuites.Select(s => s.Data));
        foreach (var (name, damage) in Damages(scratch["earlier"]))
        {
            var damaged = DataDirectories.Copy(killed, scratch[$"damaged-{name}"]);
            damage(damaged);
            var suites = name == "no-db" ? EtcdBinaries.AllSuites.Select(s => s.Data) : [suite];
            await SalvagedShouldEqual(truth, damaged, scratch[name], suites);
        }
    }

    [Fact]
    public async Task Damaged_pages_without_a_whole_log_are_saved_in_part_and_it_is_said()
    {
        using var scratch = new TempDirectory();
        var killed = await KilledAsync("sid", scratch, seed: 12, steps: 600, compacts: false);
        DataDirectories.ZeroSharedLeaf(DataDirectories.Db(killed));
        DataDirectories.Change(DataDirectories.FirstWal(killed), bytes => bytes.AsSpan(512, 3000).Fill(0x5A));

        var result = await SalvorCommand.RunAsync("salvage", killed, "--to", scratch["out"], "--output", "json");
        result.ShouldExitWith(3);
        Assert.False(result.Json().GetProperty("complete").GetBoolean());
        Assert.True(result.Json().GetProperty("losses").GetArrayLength() > 0);
        Assert.Contains(result.Json().GetProperty("findings").EnumerateArray(),
            f => f.GetProperty("severity").GetString() == "error");
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = "sid", DataDirectory = scratch["out"] });
        await etcd.Etcdctl.PutAsync("after", "salvage");
        Assert.True(await etcd.Etcdctl.RevisionAsync() > 2);
    }

    [Fact]
    public async Task A_log_with_a_hole_is_applied_up_to_the_hole()
    {
        using var scratch = new TempDirectory();
        var killed = await KilledAsync("sid", scratch, seed: 13, steps: 300);
        File.Delete(DataDirectories.Db(killed));
        DataDirectories.Change(DataDirectories.FirstWal(killed),
            bytes => bytes.AsSpan(DataDirectories.EndOfWal(bytes) / 2, 600).Fill(0x77));
        var result = (await SalvorCommand.RunAsync("salvage", killed, "--to", scratch["out"])).ShouldExitWith(3);
        Assert.Contains("nothing may be applied past it", result.Stdout, StringComparison.Ordinal);
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = "sid", DataDirectory = scratch["out"] });
        Assert.True(await etcd.Etcdctl.RevisionAsync() > 10);
    }

    [Fact]
    public async Task A_live_etcd_is_refused()
    {
        using var scratch = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync("sid");
        var result = (await SalvorCommand.RunAsync("salvage", etcd.DataDirectory, "--to", scratch["out"]))
            .ShouldExitWith(11);
        Assert.Contains("live etcd", result.Stderr, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["out"]));
    }

    [Fact]
    public async Task The_log_of_a_restored_member_is_not_taken_for_all_of_its_data()
    {
        using var scratch = new TempDirectory();
        await using (var etcd = await EtcdServer.StartAsync("sid"))
        {
            await etcd.Etcdctl.PutAsync("old", "data");
            await etcd.Etcdctl.SaveSnapshotAsync(scratch["snap.db"]);
            await new Etcdutl(etcd.Binaries).RestoreAsync(scratch["snap.db"], scratch["restored"]);
        }

        await using (var restored = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = "sid", DataDirectory = scratch["restored"] }))
        {
            await restored.Etcdctl.PutAsync("new", "data");
            await restored.KillAsync();
        }

        File.Delete(DataDirectories.Db(scratch["restored"]));
        var result = (await SalvorCommand.RunAsync("salvage", scratch["restored"], "--to", scratch["out"]))
            .ShouldExitWith(30);
        Assert.Contains("restore the newest snapshot", result.Stderr, StringComparison.OrdinalIgnoreCase);
        Assert.False(Directory.Exists(Path.Combine(scratch["out"], "member")));
    }

    [Fact]
    public async Task A_log_with_authentication_is_refused_plainly()
    {
        using var scratch = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync("sid");
        await etcd.Etcdctl.DoAsync("user", "add", "root:secret");
        await etcd.Etcdctl.DoAsync("user", "grant-role", "root", "root");
        await etcd.Etcdctl.DoAsync("auth", "enable");
        await etcd.KillAsync();
        var copy = DataDirectories.Copy(etcd.DataDirectory, scratch["copy"]);
        File.Delete(DataDirectories.Db(copy));
        var result = (await SalvorCommand.RunAsync("salvage", copy, "--to", scratch["out"])).ShouldExitWith(1);
        Assert.Contains("users and roles", result.Stderr, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, Action<string> Damage)> Damages(string earlierDb) =>
    [
        ("no-db", d => File.Delete(DataDirectories.Db(d))),
        ("empty-db", d => File.WriteAllBytes(DataDirectories.Db(d), [])),
        ("earlier-db", d => File.Copy(earlierDb, DataDirectories.Db(d), overwrite: true)),
        ("truncated-db", d => DataDirectories.TruncateInUse(DataDirectories.Db(d), DataDirectories.PageBytes)),
        ("truncated-in-page", d => DataDirectories.TruncateInUse(DataDirectories.Db(d), 1000)),
        ("half-db", d => File.WriteAllBytes(DataDirectories.Db(d),
            File.ReadAllBytes(DataDirectories.Db(d))[..(12 * DataDirectories.PageBytes)])),
        ("broken-meta", d => DataDirectories.BreakNewestMeta(DataDirectories.Db(d))),
        ("both-metas", d => DataDirectories.Change(DataDirectories.Db(d),
            b => b.AsSpan(0, 2 * DataDirectories.PageBytes).Clear())),
        ("zeroed-leaves", d => DataDirectories.ZeroLeaves(DataDirectories.Db(d))),
        ("torn-wal", d => DataDirectories.Change(DataDirectories.LastWal(d), b =>
        {
            // A record that was begun and never completed.
            var end = DataDirectories.EndOfWal(b);
            b[end] = 0xF0;
            b[end + 1] = 0x0F;
            b.AsSpan(end + 8, 100).Fill(0x41);
        })),
        ("no-preallocation", d => File.WriteAllBytes(DataDirectories.LastWal(d), TrimmedWal(d))),
        ("flipped-length", d => DataDirectories.Change(DataDirectories.FirstWal(d), FlipLength)),
        ("broken-meta-and-torn-wal", d =>
        {
            DataDirectories.BreakNewestMeta(DataDirectories.Db(d));
            DataDirectories.Change(DataDirectories.LastWal(d), b => b.AsSpan(DataDirectories.EndOfWal(b), 3).Fill(7));
        }),
    ];

    /// <summary>
    /// Damages the length of a record in the middle, so that none of what follows is where it seems to be.
    /// </summary>
    private static void FlipLength(byte[] wal)
    {
        var records = LogRecords.Read(wal);
        wal[records[records.Count / 2].Start] ^= 0x18;
    }

    private static byte[] TrimmedWal(string directory)
    {
        var bytes = File.ReadAllBytes(DataDirectories.LastWal(directory));
        return bytes[..DataDirectories.EndOfWal(bytes)];
    }

    /// <summary>Runs a workload, keeps a copy of the database from half-way, and kills etcd at its end.</summary>
    private static async Task<string> KilledAsync(
        string suite, TempDirectory scratch, int seed, int steps, bool compacts = true)
    {
        await using var etcd = await EtcdServer.StartAsync(suite);
        using (var workload = new GatewayWorkload(etcd.Endpoint, seed) { Compacts = compacts })
        {
            await workload.RunAsync(steps / 2);
            await etcd.StopAsync();
            File.Copy(etcd.DatabaseFile, scratch["earlier"]);
            await etcd.StartAgainAsync();
            await workload.RunAsync(steps / 2);
            Assert.True(workload.Accepted > steps / 2, $"seed {seed}: only {workload.Accepted} requests were accepted");
            Assert.True(workload.Refused > 0);
        }

        await etcd.KillAsync();
        return DataDirectories.Copy(etcd.DataDirectory, scratch["killed"]);
    }

    private static async Task<KeyspaceTruth> TruthAsync(string suite, string directory)
    {
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, DataDirectory = directory });
        return await KeyspaceTruth.AskAsync(etcd);
    }

    private static async Task SalvagedShouldEqual(
        KeyspaceTruth truth, string damaged, string target, IEnumerable<string> suites)
    {
        var result = await SalvorCommand.RunAsync("salvage", damaged, "--to", target);
        Assert.True(result.ExitCode == 0, $"{damaged}: exit {result.ExitCode}\n{result.Stdout}\n{result.Stderr}");
        foreach (var suite in suites)
        {
            try
            {
                (await TruthAsync(suite, DataDirectories.Copy(target, $"{target}-{suite}"))).ShouldEqual(truth);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"{damaged}, booted on {suite}:\n{result.Stdout}", e);
            }
        }
    }
}
