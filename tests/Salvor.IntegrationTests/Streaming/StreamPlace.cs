using System.Text.Json;
using Salvor.IntegrationTests.Support;
using Salvor.ObjectStore.Local;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Repository.Log;

namespace Salvor.IntegrationTests.Streaming;

/// <summary>A repository in a directory, and the streams that write to it.</summary>
internal sealed class StreamPlace
{
    private readonly TempDirectory _place;
    private readonly string _endpoint;
    private ToolProcess? _stream;

    private StreamPlace(TempDirectory place, string endpoint)
    {
        _place = place;
        _endpoint = endpoint;
    }

    private string Store => _place["store"];

    private string Key => _place["repository.key"];

    public static async Task<StreamPlace> CreateAsync(TempDirectory place, EtcdServer etcd)
    {
        var made = new StreamPlace(place, etcd.Endpoint);
        var init = await SalvorCommand.RunAsync(
            "init", "--repository", made.Store, "--key-file", made.Key, "--config", place["config.yaml"]);
        init.ShouldExitWith(0);
        return made;
    }

    public ToolProcess StartStream(string? endpoint = null)
    {
        _stream = SalvorCommand.Start(
            "stream", "--repository", Store, "--key-file", Key, "--endpoints", endpoint ?? _endpoint,
            "--output", "json");
        return _stream;
    }

    /// <summary>Waits until the running stream says that everything up to a revision is stored.</summary>
    public async Task WaitUntilSafeAsync(long revision)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (SafeRevision() < revision)
        {
            Assert.False(limit.IsCancellationRequested, $"Revision {revision} never came:\n{_stream!.Stdout}");
            Assert.False(_stream!.HasExited, $"The stream ended:\n{_stream.Stdout}\n{_stream.Stderr}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public async Task<OpenLog> OpenLogAsync()
    {
        var files = new LinuxFileSystem();
        var options = new LocalStoreOptions { Directory = Store };
        var store = new LocalStore(options, files, new ThreadCpuPool(), new OsEntropy(), TimeProvider.System);
        using var key = KeyFile.Load(files, Key);
        var opened = await new RepositoryOpener(store, new ThreadCpuPool())
            .OpenAsync(key, TestContext.Current.CancellationToken);
        var objects = new OpenRepository(store, new ObjectSealer(opened.Id, opened.Key, new OsEntropy()));
        return new OpenLog(new SegmentStore(objects, new TimelineId(1)), opened);
    }

    /// <summary>The newest snapshot that the running stream took.</summary>
    public long SnapshotRevision() => Newest("snapshotTaken");

    private long SafeRevision() => Newest("stored", "resumed", "snapshotTaken");

    private long Newest(params ReadOnlySpan<string> events)
    {
        var safe = 0L;
        var stdout = _stream!.Stdout;
        var whole = stdout[..(stdout.LastIndexOf('\n') + 1)]; // The last line may still be on its way.
        foreach (var line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            if (events.Contains(json.RootElement.GetProperty("event").GetString()!))
            {
                safe = Math.Max(safe, json.RootElement.GetProperty("revision").GetInt64());
            }
        }

        return safe;
    }
}
