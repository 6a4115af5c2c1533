using System.Security.Cryptography;
using Salvor.IntegrationTests.EtcdClient;
using Salvor.IntegrationTests.Support;
using Salvor.Platform.Linux;

namespace Salvor.IntegrationTests.Backup;

public sealed class BackupCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(EtcdBinaries.AllSuites), MemberType = typeof(EtcdBinaries))]
    public async Task Etcds_own_tool_accepts_and_restores_the_file(string suite)
    {
        await using var server = await EtcdServer.StartAsync(suite);
        await server.Etcdctl.PutAsync("/registry/pods/default/web", "a pod");
        await SnapshotLoad.FillAsync(server, megabytes: 5);
        var file = _directory["snap.db"];

        var run = (await SalvorCommand.RunAsync("backup", "--to-file", file, "--endpoints", server.Endpoint, "--output",
            "json"))
            .ShouldExitWith(0).Json();

        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(bytes.LongLength, run.GetProperty("sizeBytes").GetInt64());
        Assert.Equal(32, bytes.Length % 512);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(..^32))), run.GetProperty("sha256")
            .GetString());
        Assert.Equal(server.Binaries.Version.ToString(), run.GetProperty("etcdVersion").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new LinuxFileSystem().Stat(file)!.Mode);
        Assert.Equal([file], Directory.GetFileSystemEntries(_directory.FullName));

        var tool = new Etcdutl(server.Binaries);
        Assert.True((await tool.SnapshotStatusAsync(file)).GetProperty("totalKey").GetInt64() > 0);
        await tool.RestoreAsync(file, _directory["restored"]);
        await using var restored = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = suite, DataDirectory = _directory["restored"] });
        Assert.Equal("a pod", await restored.Etcdctl.GetAsync("/registry/pods/default/web"));
        Assert.Equal((await server.Etcdctl.GetAllAsync()).Count, (await restored.Etcdctl.GetAllAsync()).Count);
    }

    [Fact]
    public async Task An_existing_file_is_never_touched()
    {
        await using var server = await EtcdServer.StartAsync("sid");
        var file = _directory["snap.db"];
        await File.WriteAllTextAsync(file, "precious", TestContext.Current.CancellationToken);

        var run = (await BackupAsync(server, file)).ShouldExitWith(4);

        Assert.Contains("exists already", run.Stderr, StringComparison.Ordinal);
        Assert.Contains("hint:", run.Stderr, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_missing_directory_and_a_dead_endpoint_are_told_apart()
    {
        await using var server = await EtcdServer.StartAsync("sid");
        (await BackupAsync(server, _directory["no/such/snap.db"])).ShouldExitWith(5);

        var dead = $"http://127.0.0.1:{LoopbackPorts.Next()}";
        var run = await SalvorCommand.RunAsync("backup", "--to-file", _directory["x.db"], "--endpoints", dead,
            "--output", "json");

        var error = run.ShouldExitWith(13).Json().GetProperty("error");
        Assert.Equal("etcdUnreachable", error.GetProperty("code").GetString());
        Assert.Contains(dead, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.FullName));
    }

    [Fact]
    public async Task Tls_and_auth_failures_have_their_exit_codes_and_the_right_options_work()
    {
        using var certificates = new TestCertificates();
        await using var tls = await EtcdServer.StartAsync(new EtcdServerOptions { Certificates = certificates });
        (await BackupAsync(tls, _directory["1.db"], "--cacert", certificates.OtherAuthority)).ShouldExitWith(13);
        (await BackupAsync(tls, _directory["2.db"], "--cacert", certificates.Authority,
            "--cert", certificates.Client.Certificate, "--key", certificates.Client.Key)).ShouldExitWith(0);

        await using var guarded = await EtcdServer.StartAsync("sid");
        await AuthTests.TurnAuthOnAsync(guarded);
        (await BackupAsync(guarded, _directory["3.db"])).ShouldExitWith(14);
        (await BackupAsync(guarded, _directory["4.db"], "--user", "plain:secret")).ShouldExitWith(14);
        (await BackupAsync(guarded, _directory["5.db"], "--user", "root")).ShouldExitWith(2);
        var passwordFile = _directory["password"];
        await File.WriteAllTextAsync(passwordFile, "secret\n", TestContext.Current.CancellationToken);
        (await BackupAsync(guarded, _directory["6.db"], "--user", "root", "--password-file", passwordFile))
            .ShouldExitWith(0);
    }

    [Fact]
    public async Task Endpoint_and_certificates_are_found_in_a_static_pod_manifest()
    {
        using var certificates = new TestCertificates();
        await using var server = await EtcdServer.StartAsync(new EtcdServerOptions { Certificates = certificates });
        var manifest = _directory["etcd.yaml"];
        await File.WriteAllTextAsync(
            manifest,
            $"""
            apiVersion: v1
            kind: Pod
            spec:
              containers:
              - name: etcd
                command:
                - etcd
                - --listen-client-urls={server.Endpoint}
                - --cert-file={certificates.Client.Certificate}
                - --key-file={certificates.Client.Key}
                - --trusted-ca-file={certificates.Authority}
            """,
            TestContext.Current.CancellationToken);

        (await SalvorCommand.RunAsync("backup", "--to-file", _directory["snap.db"], "--manifest", manifest))
            .ShouldExitWith(0);
    }

    private static Task<ToolResult> BackupAsync(EtcdServer server, string file, params string[] more) =>
        SalvorCommand.RunAsync(["backup", "--to-file", file, "--endpoints", server.Endpoint, .. more]);
}
