using System.Globalization;
using Salvor.IntegrationTests.Support;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Readiness.Protect;
using Salvor.Readiness.Protect.DataVolume;
using Salvor.Readiness.Protect.Machine;

namespace Salvor.IntegrationTests.Protect;

/// <summary>
/// A machine in a directory: a real etcd that starts and stops with its manifest, and a loop device for its data.
/// </summary>
internal sealed class VolumeMachine : IAsyncDisposable
{
    public const string Device = "/dev/sdz";
    public const string Data = "/var/lib/etcd";

    private const string Manifest = "/etc/kubernetes/manifests/etcd.yaml";
    private const long DeviceBytes = 1L << 30;

    private readonly TempDirectory _directory = new();
    private readonly CancellationTokenSource _ending = new();
    private string? _loop;
    private Task _kubelet = Task.CompletedTask;
    private EtcdServer? _etcd;

    private VolumeMachine()
    {
        Files = new NodeFiles(new LinuxFileSystem(), _directory["root"]) { IsThisMachine = true };
        Record = new ProtectionRecord(Files);
        Programs = new VolumePrograms(Files);
    }

    public NodeFiles Files { get; }

    public ProtectionRecord Record { get; }

    public VolumePrograms Programs { get; set; }

    public EtcdServer Etcd => _etcd ?? throw new InvalidOperationException("etcd was not started.");

    /// <summary>Has kubelet start nothing on a volume, as if etcd did not come up there.</summary>
    public bool RefusesVolume { get; set; }

    /// <summary>Keeps etcd down, its manifest in place: as while kubelet restarts it.</summary>
    public bool HoldsDown { get; set; }

    public string DevicePath => Files.PathOf(Device);

    public static async Task<VolumeMachine> StartAsync()
    {
        var machine = new VolumeMachine();
        try
        {
            await machine.PrepareAsync();
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }

        return machine;
    }

    public async Task<ProtectionResult> RunAsync(
        TimeSpan? startPatience = null, string? device = Device, ProtectionAim aim = ProtectionAim.Protect)
    {
        var work = new VolumeWork(
            Files, Record, Programs, new ThreadCpuPool(), new OsEntropy(), TimeProvider.System);
        var pod = new EtcdPod(Files, Manifest, TimeProvider.System)
        {
            StartPatience = startPatience ?? TimeSpan.FromSeconds(30),
            Pause = TimeSpan.FromMilliseconds(50),
        };
        var source = device is null ? null : new GivenDevice(Files, Record, Programs, device);
        var run = new ProtectionRun([new EtcdVolume(work, pod, source)], aim);
        var ct = TestContext.Current.CancellationToken;
        return (await run.ChangeAsync(await run.LookAsync(ct), ct))[0];
    }

    public async Task<bool> IsMountedAsync() =>
        (await ToolProcess.RunAsync("mountpoint", ["-q", Files.PathOf(Data)])).ExitCode == 0;

    /// <summary>The old directories that were put aside.</summary>
    public string[] Aside() => Directory.GetDirectories(Files.PathOf("/var/lib"), "etcd.before-volume-*");

    /// <summary>All of the machine's own files, without etcd's: equal means that nothing was written.</summary>
    public IReadOnlyList<string> Everything() =>
    [
        .. Directory.EnumerateFiles(Files.PathOf("/etc"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Files.PathOf("/var/lib/salvor"), "*", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal).Select(p => $"{p} {File.GetLastWriteTimeUtc(p):O}"),
    ];

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _kubelet;
        if (_etcd is not null)
        {
            await _etcd.DisposeAsync();
        }

        foreach (var place in (string[])[Files.PathOf(Data), Files.PathOf("/var/lib/salvor/etcd-volume")])
        {
            await ToolProcess.RunAsync("umount", [place]);
        }

        if (_loop is not null)
        {
            await ToolProcess.RunAsync("losetup", ["--detach", _loop]);
        }

        _ending.Dispose();
        _directory.Dispose();
    }

    private async Task PrepareAsync()
    {
        foreach (var path in (string[])["/var/lib", "/dev", "/etc/systemd/system", "/etc/kubernetes/manifests"])
        {
            Directory.CreateDirectory(Files.PathOf(path));
        }

        Files.FileSystem.CreateDirectory(
            Files.PathOf(Data), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using (var disk = File.Create(_directory["disk"]))
        {
            disk.SetLength(DeviceBytes);
        }

        var loop = await ToolProcess.RunAsync("losetup", ["--find", "--show", _directory["disk"]]);
        loop.ShouldExitWith(0);
        _loop = loop.Stdout.Trim();
        File.CreateSymbolicLink(DevicePath, _loop);
        _etcd = await EtcdServer.StartAsync(
            new EtcdServerOptions { Suite = "trixie", DataDirectory = Files.PathOf(Data) });
        await File.WriteAllTextAsync(Files.PathOf(Manifest), string.Create(CultureInfo.InvariantCulture, $"""
            apiVersion: v1
            kind: Pod
            spec:
              containers:
              - name: etcd
                command:
                - etcd
                - --data-dir={Data}
                - --listen-client-urls={_etcd.Endpoint}
                volumeMounts:
                - mountPath: {Data}
                  name: etcd-data
              volumes:
              - hostPath:
                  path: {Data}
                name: etcd-data

            """));
        _kubelet = WatchManifestAsync();
    }

    /// <summary>What kubelet does: etcd runs while its manifest is there.</summary>
    private async Task WatchManifestAsync()
    {
        var isOn = true;
        while (!_ending.IsCancellationRequested)
        {
            // A volume with nothing on it, or a mount point without one: the interlock keeps etcd down.
            var wanted = File.Exists(Files.PathOf(Manifest)) && File.Exists(Etcd.DatabaseFile)
                && !HoldsDown && !(RefusesVolume && await IsMountedAsync());
            if (wanted != isOn)
            {
                await (wanted ? Etcd.StartAgainAsync() : Etcd.StopAsync());
                isOn = wanted;
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }
}
