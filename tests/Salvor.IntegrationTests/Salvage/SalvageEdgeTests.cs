using System.Globalization;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>Moments at which a real etcd is in a rare state: an alarm raised, a compaction half done.</summary>
public sealed class SalvageEdgeTests
{
    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Writes_refused_while_space_was_short_stay_refused(string suite)
    {
        using var scratch = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, ExtraArguments = ["--quota-backend-bytes=2000000"] });
        await RaiseAlarmAsync(etcd);
        (await etcd.Etcdctl.RunAsync("put", "refused", "again")).ShouldExitWith(1);
        await etcd.Etcdctl.DoAsync("del", "/fill/0");
        await etcd.KillAsync();
        var alarmed = DataDirectories.Copy(etcd.DataDirectory, scratch["alarmed"]);

        await StartWithAlarmAsync(scratch["alarmed"], suite, async again =>
        {
            await again.Etcdctl.DoAsync("alarm", "disarm");
            await again.Etcdctl.PutAsync("accepted", "after the alarm");
        });
        var truth = await TruthAsync(suite, DataDirectories.Copy(scratch["alarmed"], scratch["truth"]));

        File.Delete(DataDirectories.Db(alarmed));
        // Whether the refused put stands in the log is a matter of moments: etcd may turn it away before it proposes
        // it.
        (await SalvorCommand.RunAsync("salvage", alarmed, "--to", scratch["out"])).ShouldExitWith(0);
        (await TruthAsync(suite, scratch["out"])).ShouldEqual(truth);
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task An_alarm_that_is_still_raised_is_told_and_not_carried_over(string suite)
    {
        using var scratch = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, ExtraArguments = ["--quota-backend-bytes=2000000"] });
        await RaiseAlarmAsync(etcd);
        var keys = await etcd.Etcdctl.GetAllAsync();
        await etcd.KillAsync();
        foreach (var hasDatabase in new[] { true, false })
        {
            var damaged = DataDirectories.Copy(etcd.DataDirectory, scratch[$"damaged-{hasDatabase}"]);
            if (!hasDatabase)
            {
                File.Delete(DataDirectories.Db(damaged));
            }

            var target = scratch[$"out-{hasDatabase}"];
            var result = (await SalvorCommand.RunAsync("salvage", damaged, "--to", target)).ShouldExitWith(0);
            Assert.Contains("The alarm NoSpace", result.Stdout, StringComparison.Ordinal);
            await using var salvaged = await EtcdServer.StartAsync(
                new EtcdServerOptions { Suite = suite, DataDirectory = target });
            Assert.Equal(keys, await salvaged.Etcdctl.GetAllAsync());
            await salvaged.Etcdctl.PutAsync("room", "again");
        }
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task A_compaction_that_a_kill_interrupted_is_carried_through(string suite)
    {
        using var scratch = new TempDirectory();
        // Ten revisions at a time with a pause after each: seconds for what etcd does in a moment.
        await using var etcd = await EtcdServer.StartAsync(new EtcdServerOptions
        {
            Suite = suite,
            ExtraArguments = EtcdBinaries.Of(suite).Is34
                ? ["--experimental-compaction-batch-limit=10"]
                : ["--experimental-compaction-batch-limit=10", "--experimental-compaction-sleep-interval=100ms"],
        });
        using (var workload = new GatewayWorkload(etcd.Endpoint, seed: 31) { Compacts = false })
        {
            await workload.RunAsync(2500);
        }

        var at = await etcd.Etcdctl.RevisionAsync() - 5;
        await etcd.Etcdctl.DoAsync("compact", at.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < 10; i++)
        {
            // Meanwhile the compaction's beginning reaches the disk: its revision, and some of the removals.
            await etcd.Etcdctl.PutAsync("during", i.ToString(CultureInfo.InvariantCulture));
        }

        await etcd.KillAsync();
        var killed = DataDirectories.Copy(etcd.DataDirectory, scratch["killed"]);
        var truth = await TruthAsync(suite, DataDirectories.Copy(killed, scratch["truth"]));
        var verified = (await SalvorCommand.RunAsync("verify", killed)).ShouldExitWith(0);
        Assert.Contains("was under way", verified.Stdout, StringComparison.Ordinal);

        var result = await SalvorCommand.RunAsync("salvage", killed, "--to", scratch["with"], "--output", "json");
        result.ShouldExitWith(0);
        Assert.Equal(at, result.Json().GetProperty("compactRevision").GetInt64());
        (await TruthAsync(suite, scratch["with"])).ShouldEqual(truth);
        File.Delete(DataDirectories.Db(killed));
        (await SalvorCommand.RunAsync("salvage", killed, "--to", scratch["without"])).ShouldExitWith(0);
        (await TruthAsync(suite, scratch["without"])).ShouldEqual(truth);
    }

    /// <summary>
    /// Fills etcd beyond its quota: the last put is carried out and refused, and from then on all are refused.
    /// </summary>
    private static async Task RaiseAlarmAsync(EtcdServer etcd)
    {
        for (var i = 0; i < 40; i++)
        {
            var put = await etcd.Etcdctl.RunWithInputAsync(
                new string('f', 200_000), "put", string.Create(CultureInfo.InvariantCulture, $"/fill/{i}"));
            if (put.ExitCode != 0)
            {
                Assert.Contains("space exceeded", put.Stderr, StringComparison.Ordinal);
                Assert.Contains("NOSPACE", await etcd.Etcdctl.DoAsync("alarm", "list"), StringComparison.Ordinal);
                return;
            }
        }

        Assert.Fail("The quota was never reached.");
    }

    private static async Task StartWithAlarmAsync(string directory, string suite, Func<EtcdServer, Task> act)
    {
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, DataDirectory = directory, MayHaveAlarms = true });
        await act(etcd);
        await etcd.KillAsync();
    }

    private static async Task<KeyspaceTruth> TruthAsync(string suite, string directory)
    {
        await using var etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, DataDirectory = directory });
        return await KeyspaceTruth.AskAsync(etcd);
    }
}
