using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Gate;

/// <summary>The gate before real etcds' data, in every state that it promises to tell.</summary>
public sealed class GateTests
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    public static TheoryData<string> Suites => EtcdBinaries.AllSuites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Good_data_passes_and_a_running_etcd_is_left_alone(string suite)
    {
        await using var machine = await GatedMachine.StartAsync(suite);
        Assert.Equal("changed", (await machine.StampAsync()).GetProperty("outcome").GetString());
        Assert.Equal("inForce", (await machine.StampAsync()).GetProperty("state").GetString());
        Should(await machine.GateAsync(), "report", etcd: "running", data: "unseen");

        await machine.Etcd.StopAsync();

        Should(await machine.GateAsync(), "pass", data: "good", timeline: "ours");
        await machine.Etcd.StartAgainAsync();
        await machine.Etcd.KillAsync();
        Should(await machine.GateAsync(), "pass", data: "good", timeline: "ours");
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Data_that_etcd_was_killed_over_passes(string suite)
    {
        await using var machine = await GatedMachine.StartAsync(suite);
        await machine.StampAsync();
        for (var round = 0; round < 5; round++)
        {
            using var stop = new CancellationTokenSource();
            var writing = WriteAsync(machine.Etcd.Etcdctl, stop.Token);
            await Task.Delay(300 + (round * 130), TestContext.Current.CancellationToken);
            await stop.CancelAsync();
            await machine.Etcd.KillAsync();
            await writing;

            Should(await machine.GateAsync(), "pass", data: "good");
            await machine.Etcd.StartAgainAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task No_data_is_held_also_after_a_start_that_the_interlock_refused(string suite)
    {
        await using var machine = await GatedMachine.StartAsync(suite);
        await machine.StampAsync();
        await machine.Etcd.StopAsync();
        machine.LoseData();
        var first = await machine.GateAsync();
        Should(first, "hold", data: "empty");
        Assert.True(machine.IsHeld);
        Assert.StartsWith("recovery/gate/", first.GetProperty("recordedAs").GetString(), StringComparison.Ordinal);
        Should(await machine.GateAsync(), "held", data: "empty");
        await machine.ReleaseAsync();

        await RefuseAsync(machine);

        Assert.True(Directory.Exists(Path.Combine(machine.Data, "member")), "a refused start leaves something");
        Should(await machine.GateAsync(), "hold", data: "empty");
    }

    [Fact]
    public async Task A_new_node_with_an_empty_repository_passes_and_one_with_backups_does_not()
    {
        await using var machine = await GatedMachine.StartAsync("sid");
        await machine.Etcd.StopAsync();
        machine.LoseData();
        Should(await machine.GateAsync(), "hold", data: "empty", timeline: "unknown");
        await machine.ReleaseAsync();

        Directory.Delete(Path.Combine(machine.Repository.Location, "timelines"), recursive: true);

        Should(await machine.GateAsync(), "pass", data: "empty", timeline: "empty");
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Another_clusters_data_is_held(string suite)
    {
        await using var machine = await GatedMachine.StartAsync(suite);
        await machine.StampAsync();
        await machine.Etcd.StopAsync();
        machine.LoseData();
        await using (var other = await EtcdServer.StartAsync(suite))
        {
            await other.Etcdctl.PutAsync("/k", "theirs");
            await other.StopAsync();
            DirectoryCopy.Make(other.DataDirectory, machine.Data);
        }

        Should(await machine.GateAsync(), "hold", data: "foreign");
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Damage_and_missing_parts_are_held(string suite)
    {
        await using var machine = await GatedMachine.StartAsync(suite);
        await machine.StampAsync();
        await machine.Etcd.StopAsync();
        var good = machine.Data + ".good";
        DirectoryCopy.Make(machine.Data, good);
        Action[] damages =
        [
            () => Flip(machine.Log, 1500),
            () => File.Delete(machine.Log),
            () => File.Delete(Path.Combine(machine.Data, "member", "snap", "db")),
            () => Flip(Path.Combine(machine.Data, "member", "snap", "db"), 0, 4096, 20, 4096 + 20),
        ];
        foreach (var damage in damages)
        {
            machine.LoseData();
            DirectoryCopy.Make(good, machine.Data);
            Should(await machine.GateAsync(), "pass", data: "good");

            damage();

            Should(await machine.GateAsync(), "hold", data: "torn");
            await machine.ReleaseAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task A_machine_that_comes_back_after_another_one_took_over_is_held(string suite)
    {
        await using var machine = await GatedMachine.StartAsync(suite);
        await machine.StampAsync();
        await machine.Etcd.StopAsync();
        await machine.Repository.RestoreAsync("elsewhere", "--new-timeline");

        var seen = await machine.GateAsync();

        Should(seen, "hold", data: "good", timeline: "newer");
        Assert.Equal("timelineEnded", seen.GetProperty("reasons")[0].GetProperty("concern").GetString());
        Assert.Equal(2, seen.GetProperty("newestTimeline").GetInt32());
    }

    [Fact]
    public async Task A_timeline_that_was_begun_for_the_same_etcd_keeps_nobody_down()
    {
        await using var machine = await GatedMachine.StartAsync("sid");
        await machine.StampAsync();
        await machine.Repository.BackupAsync(machine.Etcd, "--new-timeline");
        await machine.Etcd.StopAsync();

        Should(await machine.GateAsync(), "pass", data: "good", timeline: "ours");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_store_that_takes_connections_and_never_answers_costs_no_more_than_the_promise(bool hasData)
    {
        await using var machine = await GatedMachine.StartAsync("sid");
        await machine.StampAsync();
        await machine.Etcd.StopAsync();
        if (!hasData)
        {
            machine.LoseData();
        }

        using var hole = new TcpListener(IPAddress.Loopback, LoopbackPorts.Next());
        hole.Start();
        machine.Configure($"  location: s3://backups\n  keyFile: {machine.Repository.KeyFile}\n  s3:\n"
            + $"    endpoint: http://{hole.LocalEndpoint}\n    region: eu-central-1\n    pathStyle: true\n");

        // What this machine takes for starting and ending any process is not the gate's.
        var begun = Stopwatch.GetTimestamp();
        (await SalvorCommand.RunAsync("version")).ShouldExitWith(0);
        var start = Stopwatch.GetTimestamp();
        var seen = await GateWithCredentialsAsync(machine);
        var took = Stopwatch.GetElapsedTime(start) - Stopwatch.GetElapsedTime(begun, start);

        TestContext.Current.TestOutputHelper?.WriteLine($"{took.TotalSeconds:0.00} s");
        Assert.True(took < Promise, $"it took {took}");
        Should(seen, hasData ? "pass" : "hold", data: hasData ? "good" : "empty", timeline: "unreachable");
    }

    [Fact]
    public async Task A_store_that_refuses_connections_keeps_good_data_from_nothing()
    {
        await using var machine = await GatedMachine.StartAsync("sid");
        await machine.StampAsync();
        await machine.Etcd.StopAsync();
        machine.Configure($"  location: s3://backups\n  keyFile: {machine.Repository.KeyFile}\n  s3:\n"
            + $"    endpoint: http://127.0.0.1:{LoopbackPorts.Next()}\n    region: eu-central-1\n"
            + "    pathStyle: true\n");

        var start = Stopwatch.GetTimestamp();
        Should(await GateWithCredentialsAsync(machine), "pass", data: "good", timeline: "unreachable");
        Assert.True(Stopwatch.GetElapsedTime(start) < Promise);
    }

    /// <summary>Writes until it is told to stop; the last write meets the kill.</summary>
    private static async Task WriteAsync(Etcdctl etcdctl, CancellationToken stop)
    {
        var value = new string('w', 30_000);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await etcdctl.RunWithInputAsync(value, "put", "--command-timeout=2s", $"/written/{i}");
        }
    }

    private static async Task<JsonElement> GateWithCredentialsAsync(GatedMachine machine)
    {
        var result = await SalvorCommand.RunWithAsync(
            [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")],
            "gate", "--root", machine.Root, "--output", "json");
        return result.ShouldExitWith(0).Json();
    }

    /// <summary>Starts etcd on the empty directory as the interlock has it, and waits until it has given up.</summary>
    private static async Task RefuseAsync(GatedMachine machine)
    {
        string[] arguments =
        [
            "--name=default", $"--data-dir={machine.Data}", $"--listen-client-urls={machine.Etcd.Endpoint}",
            $"--advertise-client-urls={machine.Etcd.Endpoint}", $"--listen-peer-urls={machine.Etcd.PeerUrl}",
            $"--initial-advertise-peer-urls={machine.Etcd.PeerUrl}",
            $"--initial-cluster=default={machine.Etcd.PeerUrl}", "--initial-cluster-state=existing",
            "--logger=zap", "--log-outputs=stderr",
        ];
        await using var refused = ToolProcess.Start(machine.Etcd.Binaries.Etcd, arguments);
        Assert.NotEqual(0, (await refused.FinishAsync()).ExitCode);
    }

    private static void Flip(string path, params int[] offsets)
    {
        var bytes = File.ReadAllBytes(path);
        foreach (var offset in offsets)
        {
            bytes[offset] ^= 0x5A;
        }

        File.WriteAllBytes(path, bytes);
    }

    private static void Should(
        JsonElement seen, string decision, string? etcd = null, string? data = null, string? timeline = null)
    {
        var facts = seen.GetProperty("facts");
        var wanted = (decision, etcd ?? Text(facts, "etcd"), data ?? Text(facts, "data"),
            timeline ?? Text(facts, "timeline"));
        var found = (seen.GetProperty("decision").GetString(), Text(facts, "etcd"), Text(facts, "data"),
            Text(facts, "timeline"));
        Assert.True(wanted == found, $"wanted {wanted}, and found {found}:\n{seen}");
    }

    private static string? Text(JsonElement facts, string name) => facts.GetProperty(name).GetString();
}
