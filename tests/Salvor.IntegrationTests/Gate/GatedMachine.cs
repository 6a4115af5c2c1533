using System.Text.Json;
using Salvor.IntegrationTests.Repository;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Gate;

/// <summary>A machine in a directory: etcd's data, its manifest and salvor's configuration, with a real etcd.</summary>
internal sealed class GatedMachine : IAsyncDisposable
{
    private const string ManifestPath = "/etc/kubernetes/manifests/etcd.yaml";

    private readonly TempDirectory _directory;

    private GatedMachine(string suite, EtcdServer etcd, TempDirectory directory)
    {
        Suite = suite;
        Etcd = etcd;
        _directory = directory;
    }

    public RepositoryRig Repository { get; } = new();

    public EtcdServer Etcd { get; }

    public string Suite { get; }

    public string Root => _directory["root"];

    public string Data => PathOf("/var/lib/etcd");

    public string Log => Directory.GetFiles(Path.Combine(Data, "member", "wal"), "*.wal").Order().Last();

    public bool IsHeld => File.Exists(PathOf("/etc/kubernetes/salvor-held/etcd.yaml"))
        && !File.Exists(PathOf(ManifestPath));

    /// <summary>One whose etcd runs and has some keys, with a repository that it is backed up to.</summary>
    public static async Task<GatedMachine> StartAsync(string suite)
    {
        var directory = new TempDirectory();
        var data = directory["root/var/lib/etcd"];
        Directory.CreateDirectory(Path.GetDirectoryName(data)!);
        var etcd = await EtcdServer.StartAsync(new EtcdServerOptions { Suite = suite, DataDirectory = data });
        var machine = new GatedMachine(suite, etcd, directory);
        await machine.Repository.InitAsync();
        machine.WriteManifest();
        machine.Configure($"  location: {machine.Repository.Location}\n  keyFile: {machine.Repository.KeyFile}\n");
        for (var i = 0; i < 20; i++)
        {
            await etcd.Etcdctl.PutAsync($"/registry/pods/{i}", new string('v', 500));
        }

        await machine.Repository.BackupAsync(etcd);
        return machine;
    }

    public string PathOf(string path) => Root + path;

    /// <summary>Writes salvor's configuration, with these lines below "repository".</summary>
    public void Configure(string repository) => Write("/etc/salvor/config.yaml", $"repository:\n{repository}");

    /// <summary>What protect does when it sees etcd run.</summary>
    public async Task<JsonElement> StampAsync()
    {
        var report = await SalvorCommand.RunAsync("protect", "--root", Root, "--yes", "--output", "json");
        WriteManifest(); // As it was: what protect does to it is not of interest here.
        return report.Json().GetProperty("items").EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == "identity");
    }

    public async Task<JsonElement> GateAsync()
    {
        var result = await SalvorCommand.RunAsync("gate", "--root", Root, "--output", "json");
        return result.ShouldExitWith(0).Json();
    }

    public async Task ReleaseAsync() =>
        (await SalvorCommand.RunAsync("gate", "--root", Root, "--release")).ShouldExitWith(0);

    /// <summary>Puts the data aside, so that there is none.</summary>
    public void LoseData() => Directory.Move(Data, Data + $".lost-{Guid.NewGuid():n}");

    public async ValueTask DisposeAsync()
    {
        await Etcd.DisposeAsync();
        Repository.Dispose();
        _directory.Dispose();
    }

    private void WriteManifest() => Write(ManifestPath, $"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: etcd
          namespace: kube-system
        spec:
          containers:
          - command:
            - etcd
            - --name=default
            - --data-dir=/var/lib/etcd
            - --advertise-client-urls={Etcd.Endpoint}
            - --listen-client-urls={Etcd.Endpoint}
            - --initial-advertise-peer-urls={Etcd.PeerUrl}
            - --initial-cluster=default={Etcd.PeerUrl}
            image: registry.k8s.io/etcd:3.5.16-0
            name: etcd
            volumeMounts:
            - mountPath: /var/lib/etcd
              name: etcd-data
          volumes:
          - hostPath:
              path: /var/lib/etcd
              type: DirectoryOrCreate
            name: etcd-data

        """);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }
}
