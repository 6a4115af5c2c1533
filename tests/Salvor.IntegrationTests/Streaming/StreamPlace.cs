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
    public Task WaitUntilSafeAsync(long revision) => StreamEvents.WaitUntilSafeAsync(_stream!, revision);

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
    public long SnapshotRevision() => StreamEvents.Newest(_stream!, "snapshotTaken");
}
