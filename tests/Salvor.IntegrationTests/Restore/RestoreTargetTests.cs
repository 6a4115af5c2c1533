using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Restore;

/// <summary>Where a restore may go to, on real file systems and with real etcds.</summary>
public sealed class RestoreTargetTests
{
    public static TheoryData<string> Suites => EtcdBinaries.AllSuites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Separate_log_directory_is_closed_to_etcd_until_the_restore_is_complete(string suite)
    {
        using var rig = new RestoreRig(suite);
        var truth = await SaveAsync(suite, rig.Snapshot);
        await rig.RestoreAsync("--wal-dir", rig["wal"]);
        await using (var restored = await rig.BootAsync(rig["wal"]))
        {
            (await KeyspaceTruth.AskAsync(restored)).ShouldEqual(truth);
        }

        // As a restore that was cut short leaves it: closed, whatever of the log is in it.
        var barrier = Path.Combine(rig["wal"], "7fffffffffffffff-7fffffffffffffff.wal");
        File.WriteAllBytes(barrier, Convert.FromHexString("0800000000000000080410DE81B7F50D"));
        await ShouldNotBootAsync(rig);
        var segments = Directory.GetFiles(rig["wal"], "0*.wal");
        Directory.CreateDirectory(rig["away"]);
        Array.ForEach(segments, s => File.Move(s, Path.Combine(rig["away"], Path.GetFileName(s))));
        await ShouldNotBootAsync(rig);

        await rig.RestoreAsync("--wal-dir", rig["wal"]);
        Assert.False(File.Exists(barrier));
        await using var again = await rig.BootAsync(rig["wal"]);
        (await KeyspaceTruth.AskAsync(again)).ShouldEqual(truth);
        again.ShouldHaveCleanLog();
    }

    [Fact]
    public async Task Mount_point_of_its_own_is_restored_into()
    {
        using var rig = new RestoreRig("sid");
        var truth = await SaveAsync("sid", rig.Snapshot);
        await using var mount = await TmpfsMount.MakeAsync(rig.Target, "size=300m");
        await rig.RestoreAsync();
        var report = await rig.RestoreAsync("--quarantine");
        var quarantine = report.GetProperty("quarantines")[0].GetString()!;
        Assert.StartsWith(rig.Target, quarantine, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(quarantine, "member", "snap", "db")));
        await using var restored = await rig.BootAsync();
        (await KeyspaceTruth.AskAsync(restored)).ShouldEqual(truth);
        restored.ShouldHaveCleanLog();
    }

    [Fact]
    public async Task Owner_of_the_target_owns_all_and_nobody_else_may_read()
    {
        using var rig = new RestoreRig("sid");
        await SaveAsync("sid", rig.Snapshot);
        Directory.CreateDirectory(rig.Target);
        await ToolProcess.RunAsync("chown", ["12345:12346", rig.Target]);
        await rig.RestoreAsync();
        var listing =
            await ToolProcess.RunAsync("find", [Path.Combine(rig.Target, "member"), "-printf", "%U:%G %m %y\n"]);
        var lines = listing.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, lines.Length);
        Assert.All(lines, l => Assert.Contains(l, (string[])["12345:12346 700 d", "12345:12346 600 f"]));

        // And once more over a member whose owner differs from the directory's.
        await ToolProcess.RunAsync("chown", ["-R", "777:778", Path.Combine(rig.Target, "member")]);
        await rig.RestoreAsync("--quarantine");
        listing = await ToolProcess.RunAsync("find", [Path.Combine(rig.Target, "member"), "-printf", "%U:%G\n"]);
        Assert.All(listing.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => Assert.Equal("777:778", l));
    }

    [Fact]
    public async Task Member_that_joins_later_gets_all_the_data()
    {
        using var rig = new RestoreRig("sid");
        await SaveAsync("sid", rig.Snapshot);
        await rig.RestoreAsync();
        await using var first = await rig.BootAsync();
        var id = (await first.Etcdctl.DoAsync("member", "list")).Split(',')[0];
        await first.Etcdctl.DoAsync("member", "update", id, $"--peer-urls={first.PeerUrl}");
        var peer = $"http://127.0.0.1:{LoopbackPorts.Next()}";
        await first.Etcdctl.DoAsync("member", "add", "joiner", $"--peer-urls={peer}");
        await using var joiner = await EtcdServer.StartAsync(new EtcdServerOptions
        {
            Name = "joiner",
            StartTimeout = TimeSpan.FromMinutes(2), // Each lost word between the two costs five seconds.
            ExtraArguments =
            [
                $"--listen-peer-urls={peer}", $"--initial-advertise-peer-urls={peer}",
                    "--initial-cluster-state=existing",
                $"--initial-cluster=default={first.PeerUrl},joiner={peer}",
            ],
        });
        Assert.Equal(await first.Etcdctl.GetAllAsync(), await joiner.Etcdctl.GetAllAsync());
        Assert.NotEmpty(await joiner.Etcdctl.GetAllAsync());
        Assert.Equal(await first.Etcdctl.HashKvAsync(), await joiner.Etcdctl.HashKvAsync());
    }

    private static async Task<KeyspaceTruth> SaveAsync(string suite, string snapshot)
    {
        await using var source = await EtcdServer.StartAsync(suite);
        for (var i = 0; i < 10; i++)
        {
            await source.Etcdctl.PutAsync($"/k{i % 4}", $"value {i}");
        }

        await source.Etcdctl.SaveSnapshotAsync(snapshot);
        return await KeyspaceTruth.AskAsync(source);
    }

    private static async Task ShouldNotBootAsync(RestoreRig rig)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => rig.BootAsync(rig["wal"]));
        Assert.Contains("ended on", failure.Message, StringComparison.Ordinal);
    }
}
