using System.Globalization;
using Salvor.IntegrationTests.Support;
using Salvor.Load;

namespace Salvor.IntegrationTests.Restore;

/// <summary>
/// A snapshot that was taken while etcd was compacting: a part of the history is gone, and a part is not.
/// </summary>
public sealed class RestoreCompactionTests
{
    public static TheoryData<string> Suites => EtcdBinaries.AllSuites;

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Compaction_under_way_in_a_snapshot_is_finished_by_the_restored_etcd(string suite)
    {
        using var rig = new RestoreRig(suite);
        await using var source = await StartAsync(suite);
        using (var gateway = new EtcdGateway(new Uri(source.Endpoint)))
        {
            await new LoadWriter(gateway, new LoadOptions { DatabaseBytes = 4_000_000, KeyCount = 200, Churn = 10 })
                .RunAsync(TestContext.Current.CancellationToken);
        }

        var at = await source.Etcdctl.RevisionAsync() - 3; // A load of few, large transactions.
        await source.Etcdctl.DoAsync("compact", at.ToString(CultureInfo.InvariantCulture));
        await source.Etcdctl.SaveSnapshotAsync(rig.Snapshot);
        var truth = await KeyspaceTruth.AskAsync(source);
        var findings = (await RestoreRig.VerifyAsync(rig.Snapshot)).GetProperty("findings").EnumerateArray();
        Assert.Equal(["meta.compacting"], findings.Select(f => f.GetProperty("code").GetString()));

        var report = await rig.RestoreAsync();
        Assert.Equal(at, report.GetProperty("compactRevision").GetInt64());
        await using var restored = await rig.BootAsync();
        (await KeyspaceTruth.AskAsync(restored)).ShouldEqual(truth);
        await rig.ShouldLiveOnAsync(restored);
        var after = await RestoreRig.VerifyAsync(rig.Target);
        Assert.DoesNotContain("meta.compacting", after.GetProperty("findings").GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>
    /// The slowest compaction that this etcd can be asked for: many seconds for a few thousand entries.
    /// </summary>
    private static Task<EtcdServer> StartAsync(string suite)
    {
        List<string> arguments = ["--experimental-compaction-batch-limit=10"];
        if (!EtcdBinaries.Of(suite).Is34)
        {
            arguments.Add("--experimental-compaction-sleep-interval=100ms"); // As long as that of 3.4.
        }

        return EtcdServer.StartAsync(new EtcdServerOptions { Suite = suite, ExtraArguments = [.. arguments] });
    }
}
