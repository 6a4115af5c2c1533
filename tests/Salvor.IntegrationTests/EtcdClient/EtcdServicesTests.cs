using Salvor.EtcdClient;
using Salvor.IntegrationTests.Support;
using static Salvor.IntegrationTests.EtcdClient.Connections;

namespace Salvor.IntegrationTests.EtcdClient;

public sealed class EtcdServicesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Status_hash_members_and_defragment_agree_with_etcdctl(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        using var etcd = To(server);
        var revision = await etcd.Keys.PutAsync(Bytes("k"), Bytes("v"), leaseId: 0, Ct);

        var status = await etcd.Maintenance.StatusAsync(Ct);
        Assert.Equal(server.Binaries.Version.ToString(), status.Version);
        Assert.Equal(revision, status.Revision);
        Assert.Equal(status.MemberId, status.LeaderId);
        Assert.True(status.DatabaseBytes > 0);

        var hash = await etcd.Maintenance.HashAsync(revision, Ct);
        Assert.Equal(await server.Etcdctl.HashKvAsync(revision), hash.Hash);
        Assert.Equal(revision, hash.Revision);

        var member = Assert.Single(await etcd.Members.ListAsync(isLinearizable: true, Ct));
        Assert.Equal(status.MemberId, member.Id);
        Assert.Equal("default", member.Name);
        Assert.Equal([server.PeerUrl], member.PeerUrls);
        Assert.Equal([server.Endpoint], member.ClientUrls);

        await etcd.Maintenance.DefragmentAsync(Ct);
        Assert.NotNull(await etcd.Keys.GetAsync(Bytes("k"), Ct));
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task The_member_that_sends_a_snapshot_tells_its_size_quota_and_flushes(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        using var etcd = To(server);
        using var snapshot = await etcd.Maintenance.OpenSnapshotAsync(Ct);
        var before = await snapshot.ReadGaugesAsync(Ct);
        await etcd.Keys.PutAsync(Bytes("k"), Bytes("v"), leaseId: 0, Ct);
        EtcdGauges? after;
        long earlier, later;
        do
        {
            // etcd commits ten times a second, and the file may grow by it: then both are read anew.
            earlier = (await etcd.Maintenance.StatusAsync(Ct)).DatabaseBytes;
            after = await snapshot.ReadGaugesAsync(Ct);
            later = (await etcd.Maintenance.StatusAsync(Ct)).DatabaseBytes;
        }
        while (earlier != later);

        Assert.Equal(later, after!.Value.DatabaseBytes);
        Assert.Equal(2L << 30, after.Value.QuotaBytes);
        Assert.True(after.Value.FsyncCount > before!.Value.FsyncCount);
        Assert.True(after.Value.FsyncSeconds > before.Value.FsyncSeconds);
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task A_lease_is_granted_kept_alive_listed_and_revoked(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        using var etcd = To(server);

        var id = await etcd.Leases.GrantAsync(TimeSpan.FromSeconds(600), id: 4711, Ct);
        await etcd.Keys.PutAsync(Bytes("leased"), Bytes("v"), id, Ct);

        Assert.Equal(4711, id);
        Assert.Equal([id], await etcd.Leases.ListAsync(Ct));
        Assert.Equal(TimeSpan.FromSeconds(600), await etcd.Leases.KeepAliveOnceAsync(id, Ct));
        var state = await etcd.Leases.GetAsync(id, withKeys: true, Ct);
        Assert.Equal(TimeSpan.FromSeconds(600), state!.Granted);
        Assert.Equal("leased", Text(Assert.Single(state.Keys)));

        await etcd.Leases.RevokeAsync(id, Ct);
        Assert.Null(await etcd.Leases.GetAsync(id, withKeys: false, Ct));
        Assert.Null(await etcd.Leases.KeepAliveOnceAsync(id, Ct));
        Assert.Null(await etcd.Keys.GetAsync(Bytes("leased"), Ct));
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task A_no_space_alarm_is_listed_and_disarmed(string suite)
    {
        await using var server = await EtcdServer.StartAsync(
            new EtcdServerOptions
            {
                Suite = suite,
                ExtraArguments = ["--quota-backend-bytes=2000000"],
                MayHaveAlarms = true
            });
        using var etcd = To(server);
        var refusal = await Assert.ThrowsAsync<Errors.SalvorException>(async () =>
        {
            // etcd looks at the size of its last commit, which lags behind by a tenth of a second.
            for (var i = 0; i < 2000; i++)
            {
                await etcd.Keys.PutAsync(Bytes($"k{i}"), new byte[50_000], leaseId: 0, Ct);
            }
        });
        Assert.Contains("database space exceeded", refusal.Message, StringComparison.Ordinal);

        var alarm = Assert.Single(await etcd.Maintenance.ListAlarmsAsync(Ct));
        Assert.Equal(EtcdAlarmKind.NoSpace, alarm.Kind);
        await etcd.Maintenance.DisarmAsync(alarm, Ct);
        Assert.Empty(await etcd.Maintenance.ListAlarmsAsync(Ct));
    }
}
