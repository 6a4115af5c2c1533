using Salvor.EtcdClient;
using Salvor.IntegrationTests.Support;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine.Quota;
using static Salvor.IntegrationTests.EtcdClient.Connections;

namespace Salvor.IntegrationTests.Recovery;

public sealed class QuotaRepairTests
{
    private const int QuotaBytes = 16 << 20;
    private const int RoundsMax = 10;
    private const int ValueBytes = 200 << 10;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task An_etcd_full_of_history_takes_writes_again_and_has_lost_no_key(string suite)
    {
        await using var server = await StartAsync(suite);
        using var etcd = To(server);
        await etcd.Keys.PutAsync(Bytes("kept"), Bytes("value"), leaseId: 0, Ct);
        await FillAsync(etcd, i => "the-same-key");
        Assert.True(await HasAlarmAsync(etcd));
        var last = await etcd.Keys.GetAsync(Bytes("the-same-key"), Ct);

        var report = await Repair(server, etcd).CompactAndDisarmAsync(Ct);

        Assert.True(report.Result == StepResult.Done, report.Detail);
        Assert.False(await HasAlarmAsync(etcd));
        Assert.Equal("value", await server.Etcdctl.GetAsync("kept"));
        Assert.Equal(last!.Value.ToArray(), (await etcd.Keys.GetAsync(Bytes("the-same-key"), Ct))!.Value.ToArray());
        await server.Etcdctl.PutAsync("after", "it works");
        Assert.True((await etcd.Maintenance.StatusAsync(Ct)).DatabaseBytes < QuotaBytes / 2);
        Assert.Equal(StepResult.Done, (await Repair(server, etcd).CompactAndDisarmAsync(Ct)).Result);
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task One_that_is_full_of_live_keys_keeps_its_alarm(string suite)
    {
        await using var server = await StartAsync(suite);
        using var etcd = To(server);
        await FillAsync(etcd, i => $"key-0-{i}");
        // Pages are half full when etcd first refuses: only after a few rounds is it live keys that fill the quota.
        for (var round = 1; !await IsFullOfKeysAsync(etcd); round++)
        {
            Assert.True(round < RoundsMax, $"Not full of keys after {round} rounds.");
            foreach (var alarm in await etcd.Maintenance.ListAlarmsAsync(Ct))
            {
                await etcd.Maintenance.DisarmAsync(alarm, Ct);
            }

            await FillAsync(etcd, i => $"key-{round}-{i}");
        }

        var report = await Repair(server, etcd).CompactAndDisarmAsync(Ct);

        Assert.True(report.Result != StepResult.Done, report.Detail);
        Assert.Contains("quota", report.Detail, StringComparison.Ordinal);
        Assert.True(await HasAlarmAsync(etcd));
    }

    [Fact]
    public async Task A_large_database_is_defragmented_with_kubelet_stopped()
    {
        await using var server = await StartAsync("sid");
        using var etcd = To(server);
        await FillAsync(etcd, i => "the-same-key");
        var kubelet = new RecordedKubelet();

        var report = await Repair(server, etcd, kubelet, quickBytesMax: 1).CompactAndDisarmAsync(Ct);

        Assert.True(report.Result == StepResult.Done, report.Detail);
        Assert.Equal(["systemctl stop kubelet.service", "systemctl start kubelet.service"], kubelet.Calls);
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("start")]
    public async Task A_kubelet_that_does_not_obey_fails_the_step_and_is_started_in_every_case(string verb)
    {
        await using var server = await StartAsync("sid");
        using var etcd = To(server);
        await FillAsync(etcd, i => "the-same-key");
        var kubelet = new RecordedKubelet { FailsAt = verb };

        var report = await Repair(server, etcd, kubelet, quickBytesMax: 1).CompactAndDisarmAsync(Ct);

        Assert.Equal(StepResult.Failed, report.Result);
        Assert.Equal("systemctl start kubelet.service", kubelet.Calls[^1]);
        Assert.True(await HasAlarmAsync(etcd));
        kubelet.FailsAt = "";
        Assert.Equal(
            StepResult.Done, (await Repair(server, etcd, kubelet, 1).CompactAndDisarmAsync(Ct)).Result);
    }

    /// <summary>Asked of a defragmented database: before, pages that are free in a moment count as in use.</summary>
    private static async Task<bool> IsFullOfKeysAsync(EtcdConnection etcd)
    {
        await etcd.Maintenance.DefragmentAsync(Ct);
        return (await etcd.Maintenance.StatusAsync(Ct)).DatabaseBytes > QuotaBytes * 97 / 100;
    }

    private static async Task<bool> HasAlarmAsync(EtcdConnection etcd) =>
        (await etcd.Maintenance.ListAlarmsAsync(Ct)).Any(alarm => alarm.Kind == EtcdAlarmKind.NoSpace);

    private static Task<EtcdServer> StartAsync(string suite) => EtcdServer.StartAsync(new EtcdServerOptions
    {
        Suite = suite,
        ExtraArguments = [$"--quota-backend-bytes={QuotaBytes}"],
    });

    private static QuotaRepair Repair(
        EtcdServer server, EtcdConnection etcd, IProcessRunner? kubelet = null, long quickBytesMax = 1L << 30) =>
        new(
            etcd, server.DataDirectory, QuotaBytes, new LinuxFileSystem(), kubelet ?? new RecordedKubelet(),
            TimeProvider.System)
        {
            QuickBytesMax = quickBytesMax,
        };

    /// <summary>Writes until etcd refuses.</summary>
    private static async Task FillAsync(EtcdConnection etcd, Func<int, string> keyOf)
    {
        const int PutsMax = 1000;
        var value = new byte[ValueBytes];
        for (var i = 0; i < PutsMax; i++)
        {
            try
            {
                value[0] = (byte)i;
                await etcd.Keys.PutAsync(Bytes(keyOf(i)), value, leaseId: 0, Ct);
            }
            catch (Errors.SalvorException e) when (e.Message.Contains("space exceeded", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("The quota does not hold.");
    }
}
