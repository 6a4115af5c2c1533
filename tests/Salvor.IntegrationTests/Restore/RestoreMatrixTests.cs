using System.Globalization;
using Salvor.IntegrationTests.Salvage;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Restore;

/// <summary>Load, save, wipe, restore, boot: on every etcd, the restored member holds what the source held.</summary>
public sealed class RestoreMatrixTests
{
    public static TheoryData<string> Suites => EtcdBinaries.AllSuites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Restored_member_holds_every_revision_and_lives_on(string suite)
    {
        const int Seed = 42;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        using var rig = new RestoreRig(suite);
        await using var source = await EtcdServer.StartAsync(suite);
        using (var load = new GatewayWorkload(source.Endpoint, Seed))
        {
            await load.RunAsync(TestLevel.Choose(200, 500, 4000));
        }

        await source.Etcdctl.PutAsync("/large", new string('x', 1_500_000));
        var lease = await GrantAsync(source.Etcdctl);
        await source.Etcdctl.DoAsync("put", "/leased", "v", $"--lease={lease}");
        var truth = await KeyspaceTruth.AskAsync(source);
        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);
        await source.StopAsync();

        await rig.RestoreAsync();
        await StatusShouldAgreeAsync(source.Binaries, rig);
        await using var restored = await rig.BootAsync();
        (await KeyspaceTruth.AskAsync(restored)).ShouldEqual(truth);
        var ttl = await restored.Etcdctl.DoJsonAsync("lease", "timetolive", lease, "--keys");
        Assert.Equal(3600, ttl.GetProperty("granted-ttl").GetInt64());
        Assert.InRange(ttl.GetProperty("ttl").GetInt64(), 3000, 3605);
        Assert.Equal(1, ttl.GetProperty("keys").GetArrayLength());
        await rig.ShouldLiveOnAsync(restored);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Empty_keyspace_restores(string suite)
    {
        using var rig = new RestoreRig(suite);
        await using var source = await EtcdServer.StartAsync(suite);
        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);
        var report = await rig.RestoreAsync();
        Assert.Equal(1, report.GetProperty("revision").GetInt64());
        await using var restored = await rig.BootAsync();
        Assert.Equal(1, await restored.Etcdctl.RevisionAsync());
        Assert.Equal(await source.Etcdctl.HashKvAsync(), await restored.Etcdctl.HashKvAsync());
        await rig.ShouldLiveOnAsync(restored);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Auth_is_kept(string suite)
    {
        using var rig = new RestoreRig(suite);
        await using var source = await EtcdServer.StartAsync(suite);
        await source.Etcdctl.PutAsync("/secret", "v");
        await source.Etcdctl.DoAsync("user", "add", "root:pw");
        await source.Etcdctl.DoAsync("user", "grant-role", "root", "root");
        await source.Etcdctl.DoAsync("auth", "enable");
        var root = new Etcdctl(source.Binaries, source.Endpoint) { User = "root:pw" };
        await root.SaveSnapshotAsync(rig.Snapshot);

        await rig.RestoreAsync();
        await using var restored = await rig.BootAsync();
        Assert.NotEqual(0, (await restored.Etcdctl.RunAsync("get", "/secret")).ExitCode);
        var again = new Etcdctl(restored.Binaries, restored.Endpoint) { User = "root:pw" };
        Assert.Equal("v", await again.GetAsync("/secret"));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Raised_alarm_does_not_come_back(string suite)
    {
        using var rig = new RestoreRig(suite);
        var options = new EtcdServerOptions
        {
            Suite = suite,
            ExtraArguments = ["--quota-backend-bytes=4000000"],
            MayHaveAlarms = true,
        };
        await using var source = await EtcdServer.StartAsync(options);
        for (var i =
            0; (await source.Etcdctl.RunWithInputAsync(new string('x', 1_000_000), "put", $"/{i}")).ExitCode == 0; i++)
        {
            Assert.True(i < 20, "the quota was never reached");
        }

        Assert.Contains("NOSPACE", await source.Etcdctl.DoAsync("alarm", "list"), StringComparison.Ordinal);
        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);
        await rig.RestoreAsync();
        await using var restored = await rig.BootAsync();
        Assert.Empty((await restored.Etcdctl.DoAsync("alarm", "list")).Trim());
        await restored.Etcdctl.PutAsync("/writes", "work");
        restored.ShouldHaveCleanLog();
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Raised_revision_tells_watchers_to_list_again(string suite)
    {
        const long Bump = 1_000_000_000;
        using var rig = new RestoreRig(suite);
        await using var source = await EtcdServer.StartAsync(suite);
        await LoadAsync(source);
        var head = await source.Etcdctl.RevisionAsync();
        var keys = await source.Etcdctl.GetAllAsync();
        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);

        await rig.RestoreAsync("--revision-bump", Bump.ToString(CultureInfo.InvariantCulture));
        await using var restored = await rig.BootAsync();
        Assert.Equal(head + Bump, await restored.Etcdctl.RevisionAsync());
        Assert.Equal(keys, await restored.Etcdctl.GetAllAsync());
        foreach (var old in new[] { head, head + 1, head + Bump - 1 })
        {
            var read = await restored.Etcdctl.RunAsync("get", "/k1", $"--rev={old}");
            Assert.Contains("compacted", read.Stderr, StringComparison.Ordinal);
        }

        var watch = await restored.Etcdctl.RunAsync("watch", "/k1", $"--rev={head}");
        Assert.Contains("compacted", watch.Stdout + watch.Stderr, StringComparison.Ordinal);
        await restored.Etcdctl.PutAsync("/next", "v");
        Assert.Equal(head + Bump + 1, await restored.Etcdctl.RevisionAsync());
        await restored.StopAsync();
        await restored.StartAgainAsync();
        Assert.Equal(head + Bump + 1, await restored.Etcdctl.RevisionAsync());
        await rig.ShouldLiveOnAsync(restored);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Compacted_restore_holds_the_newest_state_alone(string suite)
    {
        using var rig = new RestoreRig(suite);
        await using var source = await EtcdServer.StartAsync(suite);
        await LoadAsync(source);
        var head = await source.Etcdctl.RevisionAsync();
        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);

        await rig.RestoreAsync("--compact");
        await source.Etcdctl.DoAsync("compact", head.ToString(CultureInfo.InvariantCulture), "--physical");
        await using var restored = await rig.BootAsync();
        Assert.Equal(head, await restored.Etcdctl.RevisionAsync());
        Assert.Equal(await source.Etcdctl.GetAllAsync(), await restored.Etcdctl.GetAllAsync());
        Assert.Equal(await source.Etcdctl.HashKvAsync(), await restored.Etcdctl.HashKvAsync());
        Assert.Contains("compacted", (await restored.Etcdctl.RunAsync("get", "/k1", "--rev=3")).Stderr,
            StringComparison.Ordinal);
        await rig.ShouldLiveOnAsync(restored);
    }

    [Theory]
    [InlineData("bookworm", 1)]
    [InlineData("trixie", 64)]
    [InlineData("sid", 256)]
    public async Task Leaf_size_changes_the_file_and_not_the_content(string suite, int leafPages)
    {
        using var rig = new RestoreRig(suite);
        await using var source = await EtcdServer.StartAsync(suite);
        await LoadAsync(source);
        var truth = await KeyspaceTruth.AskAsync(source);
        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);
        await rig.RestoreAsync("--leaf-pages", leafPages.ToString(CultureInfo.InvariantCulture));
        await using var restored = await rig.BootAsync();
        (await KeyspaceTruth.AskAsync(restored)).ShouldEqual(truth);
        await rig.ShouldLiveOnAsync(restored);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Ids_are_those_that_etcds_own_tool_gives(string suite)
    {
        string[] identity = ["--name=n1", "--initial-cluster=n1=https://10.0.0.5:2380",
            "--initial-advertise-peer-urls=https://10.0.0.5:2380",
            "--initial-cluster-token=tok1"];
        using var rig = new RestoreRig(suite);
        await using var source = await EtcdServer.StartAsync(suite);
        await source.Etcdctl.PutAsync("k", "v");
        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);
        await new Etcdutl(source.Binaries).RestoreAsync(rig.Snapshot, rig["theirs"], identity);
        var ours =
            await rig.RestoreAsync("--name", "n1", "--peer-urls", "https://10.0.0.5:2380", "--cluster-token", "tok1");

        static string WalHead(string directory) =>
            Convert.ToHexString(File.ReadAllBytes(DataDirectories.FirstWal(directory))[..0x50]);
        Assert.Equal(WalHead(rig["theirs"]), WalHead(rig.Target)); // Node and cluster id, and the chain over them.
        Assert.Equal("n1", ours.GetProperty("name").GetString());
    }

    private static async Task LoadAsync(EtcdServer etcd)
    {
        for (var i = 0; i < 40; i++)
        {
            await etcd.Etcdctl.PutAsync($"/k{i % 7}", $"value {i}");
        }

        await etcd.Etcdctl.DoAsync("del", "/k3");
        await etcd.Etcdctl.DoAsync("compact", "12");
        await etcd.Etcdctl.PutAsync("/k3", "a new life");
        await etcd.Etcdctl.DoAsync("del", "/k5");
    }

    private static async Task<string> GrantAsync(Etcdctl etcdctl) =>
        (await etcdctl.DoAsync("lease", "grant", "3600")).Split(' ')[1];

    private static async Task StatusShouldAgreeAsync(EtcdBinaries binaries, RestoreRig rig)
    {
        var database = Path.Combine(rig.Target, "member", "snap", "db");
        var facts = (await RestoreRig.VerifyAsync(database)).GetProperty("database");
        var status = await new Etcdutl(binaries).SnapshotStatusAsync(database);
        Assert.Equal(status.GetProperty("hash").GetUInt32(), facts.GetProperty("statusHash").GetUInt32());
        Assert.Equal(status.GetProperty("totalSize").GetInt64(), facts.GetProperty("imageBytes").GetInt64());
    }
}
