using System.Text.Json;
using Salvor.IntegrationTests.Support;
using Salvor.Platform.Linux;

namespace Salvor.IntegrationTests.Repository;

/// <summary>A machine's files go into a repository with its etcd, and come back onto an empty machine.</summary>
public sealed class RepositoryKitTests : IDisposable
{
    private const UnixFileMode Secret = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly RepositoryRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_kit_is_taken_with_a_snapshot_and_put_back_with_its_modes_and_links()
    {
        await using var etcd = await EtcdServer.StartAsync("sid");
        await _rig.InitAsync();
        MakeMachine();
        var first = await _rig.BackupAsync(etcd, "--config", Config);
        Assert.Equal(["/etc/audit.yaml"], Missing(first));
        Assert.False(first.GetProperty("kit").GetProperty("complete").GetBoolean());

        Write("/etc/audit.yaml", "rules: []", Secret);
        var second = await _rig.BackupAsync(etcd, "--config", Config);
        var third = await _rig.BackupAsync(etcd, "--config", Config);
        Assert.True(second.GetProperty("kit").GetProperty("complete").GetBoolean());
        Assert.Equal(second.GetProperty("kit").ToString(), third.GetProperty("kit").ToString());
        Assert.Equal(2, _rig.Objects("kits").Length);
        var sa = "the key that signs tokens";
        Assert.All(_rig.Objects("kits"), file => Assert.DoesNotContain(sa, File.ReadAllText(file),
            StringComparison.Ordinal));

        var place = _rig["new-machine"];
        Directory.CreateDirectory(place);
        var dry = await KitAsync("--kit-root", place, "--dry-run");
        Assert.Empty(Directory.GetFileSystemEntries(place));
        Assert.All(Actions(dry), action => Assert.Equal("create", action));
        await KitAsync("--kit-root", place);
        Assert.Equal(sa, File.ReadAllText(place + "/etc/kubernetes/pki/sa.key"));
        var status = new LinuxFileSystem().Stat(place + "/etc/kubernetes/pki/sa.key")!;
        Assert.Equal((Secret, 1234u, 4321u), (status.Mode, status.OwnerId, status.GroupId));
        Assert.Equal("ca-1.crt", new FileInfo(place + "/etc/kubernetes/pki/ca.crt").LinkTarget);
        Assert.All(Actions(await KitAsync("--kit-root", place)), action => Assert.Equal("keep", action));

        File.WriteAllText(place + "/etc/kubernetes/pki/sa.key", "of another cluster");
        Assert.Single(Actions(await KitAsync("--kit-root", place)), action => action == "replace");
        Assert.Equal(sa, File.ReadAllText(place + "/etc/kubernetes/pki/sa.key"));
        Assert.Equal("of another cluster", File.ReadAllText(
            Directory.GetFiles(place + "/etc/kubernetes/pki", ".sa.key.salvor-*").Single()));
    }

    [Fact]
    public async Task A_stream_takes_snapshots_on_time_and_the_kit_with_them()
    {
        await using var etcd = await EtcdServer.StartAsync("sid");
        await _rig.InitAsync();
        MakeMachine();
        await _rig.BackupAsync(etcd, "--config", Config);
        Write("/etc/audit.yaml", "rules: []", Secret);
        await using var stream = _rig.StartStream(etcd, "--config", Config, "--snapshot-every", "2s");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_rig.Objects("snapshots").Length < 2)
        {
            Assert.False(limit.IsCancellationRequested, $"No snapshot came:\n{stream.Stdout}\n{stream.Stderr}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        stream.SendTerminate();
        (await stream.FinishAsync()).ShouldExitWith(0);
        Assert.Equal(2, _rig.Objects("kits").Length);
    }

    [Fact]
    public async Task A_snapshot_without_a_kit_says_so()
    {
        await using var etcd = await EtcdServer.StartAsync("sid");
        await _rig.InitAsync();
        var backup = await _rig.BackupAsync(etcd);
        Assert.Equal(JsonValueKind.Null, backup.GetProperty("kit").ValueKind);

        var refused = await _rig.RunAsync(["restore", "--kit", "--kit-root", _rig["elsewhere"]]);
        refused.ShouldExitWith(5);
        Assert.Contains("has no kit", refused.Stdout, StringComparison.Ordinal);
    }

    private string Machine => _rig["machine"];

    private string Config => _rig["kit.yaml"];

    private void MakeMachine()
    {
        Write("/etc/kubernetes/pki/sa.key", "the key that signs tokens", Secret);
        new LinuxFileSystem().SetOwner(Machine + "/etc/kubernetes/pki/sa.key", 1234, 4321);
        Write("/etc/kubernetes/pki/ca-1.crt", "certificate", Secret);
        File.CreateSymbolicLink(Machine + "/etc/kubernetes/pki/ca.crt", "ca-1.crt");
        Write("/etc/kubernetes/manifests/kube-apiserver.yaml", """
            spec:
              containers:
              - command: [kube-apiserver, --audit-policy-file=/etc/audit.yaml]
                volumeMounts: [{mountPath: /etc/audit.yaml, name: audit}]
              volumes: [{name: audit, hostPath: {path: /etc/audit.yaml}}]
            """, Secret);
        File.WriteAllText(Config, $"kit:\n  root: {Machine}\n");
    }

    private void Write(string path, string content, UnixFileMode mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Machine + path)!);
        File.WriteAllText(Machine + path, content);
        new LinuxFileSystem().SetMode(Machine + path, mode);
    }

    private async Task<JsonElement> KitAsync(params string[] more) =>
        (await _rig.RunAsync(["restore", "--kit", .. more])).ShouldExitWith(0).Json();

    private static IEnumerable<string> Missing(JsonElement backup) =>
        backup.GetProperty("kit").GetProperty("missing").EnumerateArray().Select(path => path.GetString()!);

    private static IEnumerable<string> Actions(JsonElement restored) =>
        restored.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()!);
}
