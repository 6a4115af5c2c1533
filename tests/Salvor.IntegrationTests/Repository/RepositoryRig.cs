using System.Globalization;
using System.Text.Json;
using Salvor.IntegrationTests.Support;

namespace Salvor.IntegrationTests.Repository;

/// <summary>A repository in a directory of its own or in a bucket, with its key, and the commands on it.</summary>
internal sealed class RepositoryRig : IDisposable
{
    private readonly TempDirectory _temporary = new();
    private readonly string[] _access;

    /// <param name="bucket">A place in a bucket; none for a directory.</param>
    /// <param name="access">The options that lead to the bucket.</param>
    public RepositoryRig(string? bucket = null, params string[] access)
    {
        Location = bucket ?? _temporary["repository"];
        _access = access;
    }

    public string Location { get; }

    /// <summary>Variables of every command that is started from here on; null takes one out.</summary>
    public IReadOnlyList<(string Name, string? Value)> Environment { get; set; } = [];

    public string KeyFile => _temporary["repository.key"];

    private string[] Common =>
        ["--repository", Location, "--key-file", KeyFile, "--output", "json", .. _access];

    public string this[string name] => _temporary[name];

    public Task<ToolResult> TryInitAsync() => RunAsync(["init", "--config", _temporary["config.yaml"]]);

    public async Task InitAsync() => (await TryInitAsync()).ShouldExitWith(0);

    public Task<ToolResult> TryBackupAsync(EtcdServer etcd, params string[] more) => RunAsync(
        ["backup", "--endpoints", etcd.Endpoint, .. more]);

    public async Task<JsonElement> BackupAsync(EtcdServer etcd, params string[] more) =>
        (await TryBackupAsync(etcd, more)).ShouldExitWith(0).Json();

    public Task<ToolResult> TryRestoreAsync(string target, params string[] more) => RunAsync(
        ["restore", "--data-dir", _temporary[target], .. more]);

    public async Task<JsonElement> RestoreAsync(string target, params string[] more) =>
        (await TryRestoreAsync(target, more)).ShouldExitWith(0).Json();

    /// <summary>Starts a streamer, which the caller ends.</summary>
    public ToolProcess StartStream(EtcdServer etcd, params string[] more) => SalvorCommand.StartWith(
        Environment, ["stream", "--endpoints", etcd.Endpoint, .. more, .. Common]);

    /// <summary>Waits until the log's segments say that they reach a revision.</summary>
    public async Task WaitForLogAsync(ToolProcess streamer, long revision, int timeline = 1)
    {
        var log = Path.Combine(Timeline(timeline), "log");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!Directory.Exists(log) || !Directory.GetFiles(log).Any(file => LastOf(file) >= revision))
        {
            Assert.False(streamer.HasExited, $"The stream ended:\n{streamer.Stdout}\n{streamer.Stderr}");
            Assert.False(limit.IsCancellationRequested, $"Revision {revision} never came:\n{streamer.Stdout}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        static long LastOf(string file) => long.TryParse(
            Path.GetFileName(file).Split('-').ElementAtOrDefault(1), CultureInfo.InvariantCulture, out var last)
            ? last
            : 0;
    }

    /// <summary>Waits until a timeline has a snapshot.</summary>
    public async Task WaitForSnapshotAsync(ToolProcess streamer, int timeline)
    {
        var snapshots = Path.Combine(Timeline(timeline), "snapshots");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!Directory.Exists(snapshots) || !Directory.GetFiles(snapshots).Any(IsWhole))
        {
            Assert.False(streamer.HasExited, $"The stream ended:\n{streamer.Stdout}\n{streamer.Stderr}");
            Assert.False(limit.IsCancellationRequested, $"No snapshot came:\n{streamer.Stdout}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        static bool IsWhole(string file) => Path.GetFileName(file)[0] != '~';
    }

    public Task<ToolResult> ListAsync() => RunAsync(["list"]);

    public Task<EtcdServer> BootAsync(string suite, string target) => EtcdServer.StartAsync(new EtcdServerOptions
    {
        Suite = suite,
        DataDirectory = _temporary[target],
        ExtraArguments = ["--initial-cluster-state=existing"],
    });

    /// <summary>The files of a kind of object, by name.</summary>
    public string[] Objects(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Timeline(1), folder)).Order(StringComparer.Ordinal)];

    /// <summary>Where a timeline's objects are.</summary>
    public string Timeline(int number) =>
        Path.Combine(Location, "timelines", number.ToString("d8", CultureInfo.InvariantCulture));

    public void Dispose() => _temporary.Dispose();

    /// <summary>Runs any command on it; what it writes is JSON.</summary>
    public Task<ToolResult> RunAsync(string[] arguments) =>
        SalvorCommand.RunWithAsync(Environment, [.. arguments, .. Common]);
}
