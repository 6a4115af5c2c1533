using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Fixture;

/// <summary>The fixture itself is trusted only because it is tried on every version first.</summary>
public sealed class EtcdServerTests
{
    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Data_outlives_a_stop_and_a_kill(string suite)
    {
        await using var etcd = await EtcdServer.StartAsync(suite);
        await etcd.Etcdctl.PutAsync("/registry/pods/default/a", "first");
        await etcd.StopAsync();
        await etcd.StartAgainAsync();
        Assert.Equal("first", await etcd.Etcdctl.GetAsync("/registry/pods/default/a"));

        await etcd.Etcdctl.PutAsync("/registry/pods/default/a", "second");
        var all = await etcd.Etcdctl.GetAllAsync();
        var hash = await etcd.Etcdctl.HashKvAsync();
        await etcd.KillAsync();
        await etcd.StartAgainAsync();

        Assert.Equal("first", await etcd.Etcdctl.GetAsync("/registry/pods/default/a", revision: 2));
        Assert.Equal(all, await etcd.Etcdctl.GetAllAsync());
        Assert.Equal(hash, await etcd.Etcdctl.HashKvAsync());
        Assert.Equal(3, await etcd.Etcdctl.RevisionAsync());
        etcd.ShouldHaveCleanLog();
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Snapshot_restored_by_the_real_tool_boots(string suite)
    {
        using var directory = new TempDirectory();
        await using var etcd = await EtcdServer.StartAsync(suite);
        await etcd.Etcdctl.PutAsync("k", "v");
        await etcd.Etcdctl.SaveSnapshotAsync(directory["snap.db"]);
        var tool = new Etcdutl(etcd.Binaries);
        Assert.Equal(2, (await tool.SnapshotStatusAsync(directory["snap.db"])).GetProperty("revision").GetInt64());
        await tool.RestoreAsync(directory["snap.db"], directory["restored"]);

        var options = new EtcdServerOptions
        {
            Suite = suite,
            DataDirectory = directory["restored"],
        };
        await using var restored = await EtcdServer.StartAsync(options);
        Assert.Equal(await etcd.Etcdctl.GetAllAsync(), await restored.Etcdctl.GetAllAsync());
        restored.ShouldHaveCleanLog();
    }

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Tls_server_lets_in_only_its_own_clients(string suite)
    {
        using var certificates = new TestCertificates();
        using var directory = new TempDirectory();
        var options = new EtcdServerOptions
        {
            Suite = suite,
            Certificates = certificates,
            WalDirectory = directory["wal"],
        };
        await using var etcd = await EtcdServer.StartAsync(options);
        await etcd.Etcdctl.PutAsync("k", "v");
        Assert.Equal("v", await etcd.Etcdctl.GetAsync("k"));
        Assert.True(Directory.EnumerateFiles(directory["wal"], "*.wal").Any());

        var bare = new Etcdctl(etcd.Binaries, etcd.Endpoint);
        Assert.NotEqual(0, (await bare.RunAsync("get", "k", "--command-timeout=2s")).ExitCode);
        var (certificate, key) = certificates.ExpiredClient;
        var expired = await bare.RunAsync(
            "get", "k", "--command-timeout=2s",
            $"--cacert={certificates.Authority}", $"--cert={certificate}", $"--key={key}");
        Assert.NotEqual(0, expired.ExitCode);
    }

    [Fact]
    public async Task Etcd_that_can_not_start_fails_with_its_own_words()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["data", "member", "snap"]);
        await File.WriteAllTextAsync(
            directory["data", "member", "snap", "db"], new string('x', 65536), TestContext.Current.CancellationToken);
        var options = new EtcdServerOptions { DataDirectory = directory["data"] };
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => EtcdServer.StartAsync(options));
        Assert.Contains("ended", failure.Message, StringComparison.Ordinal);
        Assert.Contains("invalid database", failure.Message, StringComparison.Ordinal);
    }
}
