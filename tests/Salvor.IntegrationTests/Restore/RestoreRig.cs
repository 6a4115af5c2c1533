using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Restore;

/// <summary>A real etcd's snapshot, what salvor restore makes of it, and real etcds on the result.</summary>
internal sealed class RestoreRig(string suite) : IDisposable
{
    private readonly TempDirectory _temporary = new();

    public string Snapshot => _temporary["snap.db"];

    public string Target => _temporary["restored"];

    public string this[string name] => _temporary[name];

    /// <summary>Restores with these further arguments, and returns the report.</summary>
    public async Task<System.Text.Json.JsonElement> RestoreAsync(params string[] more) =>
        (await SalvorCommand.RunAsync(["restore", Snapshot, "--data-dir", Target, "--output", "json", .. more]))
            .ShouldExitWith(0).Json();

    /// <summary>Boots the restored directory as kubeadm's manifest should: never as a new, empty cluster.</summary>
    public Task<EtcdServer> BootAsync(string? wal = null) => EtcdServer.StartAsync(new EtcdServerOptions
    {
        Suite = suite,
        DataDirectory = Target,
        WalDirectory = wal,
        ExtraArguments = ["--initial-cluster-state=existing"],
    });

    public static async Task<System.Text.Json.JsonElement> VerifyAsync(string path)
    {
        var report = (await SalvorCommand.RunAsync("verify", path, "--output", "json")).ShouldExitWith(0).Json();
        Assert.Equal(0, report.GetProperty("errors").GetInt32());
        return report;
    }

    /// <summary>What a member must still be able to do after it came back.</summary>
    public async Task ShouldLiveOnAsync(EtcdServer etcd)
    {
        await etcd.Etcdctl.PutAsync("/after/restore", "written");
        await etcd.Etcdctl.PutAsync("/after/restore", "twice");
        await etcd.Etcdctl.DoAsync("compact", (await etcd.Etcdctl.RevisionAsync())
            .ToString(System.Globalization.CultureInfo.InvariantCulture));
        await etcd.Etcdctl.DoAsync("defrag");
        await etcd.StopAsync();
        await etcd.StartAgainAsync();
        Assert.Equal("twice", await etcd.Etcdctl.GetAsync("/after/restore"));
        var hash = await etcd.Etcdctl.HashKvAsync();
        await etcd.Etcdctl.SaveSnapshotAsync(_temporary["again.db"]);
        etcd.ShouldHaveCleanLog();

        var report = await VerifyAsync(_temporary["again.db"]);
        Assert.Equal(hash, report.GetProperty("database").GetProperty("hashKv").GetUInt32());
        await etcd.StopAsync();
        await VerifyAsync(Target);
    }

    public void Dispose() => _temporary.Dispose();
}
