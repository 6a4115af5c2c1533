using System.Globalization;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Workload;

/// <summary>
/// Random requests to a real etcd, a kill -9, and then everything that Salvor makes of what is left must be what etcd
/// makes of it.
/// </summary>
public sealed class WorkloadTests(ITestOutputHelper output)
{
    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            var count = TestLevel.Choose(fast: 1, normal: 3, full: 25);
            for (var seed = 1; seed <= count; seed++)
            {
                foreach (var suite in new[] { "bookworm", "trixie", "sid" })
                {
                    cases.Add(suite, seed);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Killed_etcd_is_verified_restored_and_salvaged_to_what_it_recovers_itself(string suite, int seed)
    {
        output.WriteLine($"seed {seed} on {suite}");
        using var scene = new TempDirectory();
        var killed = scene["killed"];
        await RunAndKillAsync(suite, seed, killed, scene);
        var truth = await RecoverAsync(suite, scene);

        (await SalvorCommand.RunAsync("verify", killed)).ShouldExitWith(0);
        (await SalvorCommand.RunAsync("verify", scene["snap.db"])).ShouldExitWith(0);
        (await SalvorCommand.RunAsync("salvage", killed, "--to", scene["salvaged"])).ShouldExitWith(0);
        (await SalvorCommand.RunAsync("restore", scene["snap.db"], "--data-dir", scene["restored"])).ShouldExitWith(0);

        (await BootAsync(suite, scene["salvaged"])).ShouldEqual(truth, mayLackTombstones: true);
        (await BootAsync(suite, scene["restored"])).ShouldEqual(truth, mayLackTombstones: true);
    }

    private async Task RunAndKillAsync(string suite, int seed, string dataDirectory, TempDirectory scene)
    {
        var random = new Random(seed);
        await using var etcd = await EtcdServer.StartAsync(new EtcdServerOptions
        {
            Suite = suite,
            DataDirectory = dataDirectory,
            // Small, so that raft snapshots and log clean-up happen within the run.
            ExtraArguments = [string.Create(CultureInfo.InvariantCulture, $"--snapshot-count={random.Next(20, 400)}")],
        });
        var run = new WorkloadRun(etcd, seed);
        await run.SendAsync(random.Next(30, 150));
        await etcd.StopAsync();
        await etcd.StartAgainAsync();
        await run.SendUntilKilledAsync(TimeSpan.FromMilliseconds(random.Next(200, 2500)));
        output.WriteLine($"killed after {run.Steps} requests");

        // etcd's own recovery keeps all that was acknowledged: the model and the truth must agree before we compare
        // with it.
        DirectoryCopy.Make(dataDirectory, scene["recovered"]);
        await using var recovered = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, DataDirectory = scene["recovered"] });
        var keys = await KeyspaceTruth.ShowKeysAsync(recovered);
        Assert.True(keys == run.Acknowledged.Show() || keys == run.WithLast?.Show(),
            $"etcd lost something, or the model is wrong:\n{keys}\n--- acknowledged\n{run.Acknowledged.Show()}");
        await recovered.StopAsync();
    }

    private static async Task<KeyspaceTruth> RecoverAsync(string suite, TempDirectory scene)
    {
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, DataDirectory = scene["recovered"] });
        var truth = await KeyspaceTruth.AskAsync(etcd);
        await etcd.Etcdctl.SaveSnapshotAsync(scene["snap.db"]);
        await etcd.StopAsync();
        return truth;
    }

    private static async Task<KeyspaceTruth> BootAsync(string suite, string dataDirectory)
    {
        await using var etcd = await EtcdServer.StartAsync(new EtcdServerOptions
        {
            Suite = suite,
            DataDirectory = dataDirectory,
            ExtraArguments = ["--initial-cluster-state=existing"],
        });
        var truth = await KeyspaceTruth.AskAsync(etcd);
        await etcd.StopAsync();
        etcd.ShouldHaveCleanLog();
        return truth;
    }
}
