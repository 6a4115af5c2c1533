using System.Globalization;
using System.Text.Json;
using Salvor.IntegrationTests.Support;
using Salvor.IntegrationTests.Workload;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>
/// Logs and databases cut at every kind of boundary: nothing that was acknowledged is lost where its bytes survive, and
/// where they don't it is said.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    private static readonly int BootPeriod = TestLevel.Choose(fast: 200, normal: 60, full: 3);

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            for (var seed = 1; seed <= TestLevel.Choose(fast: 1, normal: 1, full: 6); seed++)
            {
                cases.Add("bookworm", seed);
                cases.Add("trixie", seed);
                cases.Add("sid", seed);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_log_that_ends_anywhere_gives_every_write_before_its_end(string suite, int seed)
    {
        using var scratch = new TempDirectory();
        var scene = await CutScene.MakeAsync(suite, seed, steps: 120, scratch);
        var cuts = new PowerCuts(scene.Wal, scene.Records);
        var recordCount = TestLevel.Choose(fast: 3, normal: 12, full: 40);
        List<PowerCut> all =
        [
            .. cuts.Truncations(recordCount), .. cuts.Zeroings(sectorCount: recordCount), .. cuts.Junk(seed),
            cuts.ZeroedInLastEntry(512), cuts.ZeroedInLastEntry(4096), cuts.Hole(5), cuts.Hole(30),
        ];
        output.WriteLine($"seed {seed} on {suite}: {all.Count} cuts");
        for (var i = 0; i < all.Count; i++)
        {
            foreach (var database in Enum.GetValues<CutDatabase>())
            {
                if (database == CutDatabase.None || (i + (int)database) % 4 == 0)
                {
                    var isBooted = (i + (20 * (int)database)) % BootPeriod == 0;
                    await CheckAsync(scene, all[i], database, scratch, isBooted);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_database_cut_anywhere_loses_nothing_beside_a_whole_log(string suite, int seed)
    {
        using var scratch = new TempDirectory();
        var scene = await CutScene.MakeAsync(suite, seed + 100, steps: 60, scratch);
        var last = scene.Records.Max(r => r.Index);
        var cuts = DatabaseCuts.All(scene.LatestDatabase, pageCount: TestLevel.Choose(fast: 4, normal: 10, full: 80));
        foreach (var (name, database) in cuts)
        {
            var damaged = scene.Make(scratch["damaged"], database);
            var salvaged = scratch["salvaged"];
            var result = await SalvorCommand.RunAsync("salvage", damaged, "--to", salvaged, "--output", "json");
            Assert.True(result.ExitCode == 0, $"{name}\n{result}");
            Assert.Equal(last, result.Json().GetProperty("raftIndex").GetUInt64());
            var revision = result.Json().GetProperty("revision").GetInt64();
            var isBooted = name.StartsWith("both", StringComparison.Ordinal);
            await HoldsAsync(scene, salvaged, last, revision, isBooted);
            Directory.Delete(damaged, recursive: true);
            Directory.Delete(salvaged, recursive: true);
        }
    }

    private static async Task CheckAsync(
        CutScene scene, PowerCut cut, CutDatabase database, TempDirectory scratch, bool isBooted)
    {
        var damaged = scene.Make(scratch["damaged"], cut, database);
        var salvaged = scratch["salvaged"];
        var result = await SalvorCommand.RunAsync("salvage", damaged, "--to", salvaged, "--output", "json");
        try
        {
            Assert.True(result.ExitCode is 0 or 3, "neither complete nor partial");
            var report = result.Json();
            var (index, exitCode) = Expected(scene, cut, database, report.GetProperty("baseRaftIndex").GetUInt64());
            Assert.Equal(index, report.GetProperty("raftIndex").GetUInt64());
            Assert.Equal(exitCode, result.ExitCode);
            Assert.Equal(exitCode == 0, report.GetProperty("complete").GetBoolean());
            Assert.Equal(exitCode != 0, report.GetProperty("losses").GetArrayLength() > 0);
            await HoldsAsync(scene, salvaged, index, report.GetProperty("revision").GetInt64(), isBooted);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{cut.Name}, database {database}: {e.Message}\n{result}", e);
        }

        Directory.Delete(damaged, recursive: true);
        Directory.Delete(salvaged, recursive: true);
    }

    private static (ulong Index, int ExitCode) Expected(
        CutScene scene, PowerCut cut, CutDatabase database, ulong baseIndex)
    {
        Assert.Equal(database != CutDatabase.None, baseIndex > 0);
        var whole = LogRecords.LastWhole(scene.Records, cut.Wal, scene.Wal);
        if (cut.Kind == CutKind.Hole)
        {
            return baseIndex > whole ? (scene.Records.Max(r => r.Index), 0) : (whole, 3);
        }

        // A database that is ahead of the log proves that the log lost its end.
        return (Math.Max(whole, baseIndex), cut.Kind == CutKind.Corrupt || baseIndex > whole ? 3 : 0);
    }

    private static async Task HoldsAsync(CutScene scene, string salvaged, ulong index, long revision, bool isBooted)
    {
        (await SalvorCommand.RunAsync("verify", salvaged)).ShouldExitWith(0);
        var keys = (await SalvorCommand.RunAsync("inspect", salvaged, "--keys", "/registry/", "--output", "json"))
            .ShouldExitWith(0).Json().GetProperty("keys").EnumerateArray().Select(Outline);
        var outline = string.Join('\n', keys);
        var state = scene.Run.At(index).Find(s => s.Outline == outline);
        Assert.True(
            state is not null, $"At index {index} should be\n{scene.Run.At(index)[0].Outline}\nbut is\n{outline}");
        Assert.InRange(revision - state.Revision, 0, index > scene.Run.Last.RaftIndex ? 1 : 0);
        if (isBooted)
        {
            await using var etcd = await EtcdServer.StartAsync(
                new EtcdServerOptions { Suite = scene.Suite, DataDirectory = salvaged });
            Assert.Equal(revision, await etcd.Etcdctl.RevisionAsync());
            var held = (await KeyspaceTruth.ShowKeysAsync(etcd)).Split('\n')
                .Where(k => k.StartsWith("/registry/", StringComparison.Ordinal));
            Assert.Equal(state.Keys, string.Join('\n', held));
            await etcd.Etcdctl.PutAsync("after", "salvage");
            await etcd.StopAsync();
            etcd.ShouldHaveCleanLog();
        }
    }

    private static string Outline(JsonElement key)
    {
        var lease = key.GetProperty("lease").GetString() ?? "0";
        return WorkloadModel.Outline(
            key.GetProperty("key").GetString()!, key.GetProperty("valueBytes").GetInt32(),
            long.Parse(lease, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
