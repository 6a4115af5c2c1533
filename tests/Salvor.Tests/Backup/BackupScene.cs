using System.Security.Cryptography;
using Salvor.Backup;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats.Findings;
using Salvor.ObjectStore;
using Salvor.Repository.Keys;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;
using Salvor.Verify.Stored;

namespace Salvor.Tests.Backup;

/// <summary>An etcd in this process, a store in memory, and the steps of the commands between them.</summary>
internal sealed class BackupScene : IDisposable
{
    private readonly SeededEntropy _entropy;
    private readonly KeyFile _key;
    private readonly EtcdConnection _connection;

    private BackupScene(MemoryStore store, int seed, KeyFile key, SnapshotEtcd etcd)
    {
        Store = store;
        _entropy = new SeededEntropy(seed);
        _key = key;
        Etcd = etcd;
        _connection = etcd.Connect(TimeProvider.System);
    }

    public MemoryStore Store { get; }

    public SnapshotEtcd Etcd { get; }

    /// <summary>The hash of each image that a backup said was stored.</summary>
    public HashSet<string> Acknowledged { get; } = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static BackupScene New(int seed)
    {
        var entropy = new SeededEntropy(seed);
        var key = KeyFile.New("/key", RepositoryId.New(entropy), entropy);
        return new BackupScene(new MemoryStore(), seed, key, new SnapshotEtcd());
    }

    /// <summary>The same with a store that goes its own way from here on.</summary>
    public BackupScene Copy(int seed)
    {
        var etcd = new SnapshotEtcd { ClusterId = Etcd.ClusterId, Image = Etcd.Image, Revision = Etcd.Revision };
        var copy = new BackupScene(Store.Copy(), seed, _key, etcd);
        copy.Acknowledged.UnionWith(Acknowledged);
        return copy;
    }

    /// <summary>The database that etcd has from here on.</summary>
    /// <param name="keys">How many keys it has.</param>
    /// <param name="bulkKeys">How many keys of 4 KiB that can't be compressed come on top.</param>
    public void Write(int keys, int bulkKeys = 0)
    {
        var database = SampleDatabase.Good(keys);
        var random = new Random(keys);
        for (var i = 0; i < bulkKeys; i++)
        {
            var value = string.Create(4096, random, (text, r) => r.GetItems<char>(Alphabet, text));
            database.Put(keys + 5 + i, $"/bulk/{i:d6}", value);
        }

        Etcd.Image = database.ToImage();
        Etcd.Revision = keys + 4 + bulkKeys;
    }

    /// <summary>As init does: what is there is taken, if the key opens it; else it is made.</summary>
    public async Task InitAsync(IObjectStore through)
    {
        try
        {
            using var present = await new RepositoryOpener(through, new InlineCpuPool()).OpenAsync(_key, Ct);
        }
        catch (SalvorException e) when (e.Code == ErrorCode.NoRepository)
        {
            var creator = new RepositoryCreator(through, new InlineCpuPool(), _entropy, TimeProvider.System);
            using var made = await creator.CreateAsync(_key.RepositoryId, _key, Ct);
        }
    }

    public async Task BackupAsync(IObjectStore through, bool beginsTimeline = false)
    {
        using var opened = await new RepositoryOpener(through, new InlineCpuPool()).OpenAsync(_key, Ct);
        var backup = new SnapshotToRepository(new InlineCpuPool(), _entropy, TimeProvider.System);
        var options = new SnapshotOptions { BeginsTimeline = beginsTimeline };
        var report = await backup.RunAsync(_connection, opened.ForObjects(_entropy), options, progress: null, Ct);
        Assert.Equal(Etcd.Revision, report.Manifest.Revision);
        Acknowledged.Add(report.Manifest.ImageSha256);
    }

    /// <summary>
    /// Verify finds no error, each listed snapshot comes back as etcd sent it, and none that was acknowledged is
    /// missing.
    /// </summary>
    public async Task RequireWholeAsync()
    {
        if (Store["repository"] is null)
        {
            Assert.Empty(Acknowledged);
            return;
        }

        using var opened = await new RepositoryOpener(Store, new InlineCpuPool()).OpenAsync(_key, Ct);
        var objects = opened.ForObjects(_entropy);
        var files = new MemoryFiles().With("/tmp/other", [1]);
        var check = new RepositoryCheck(objects, files, new InlineCpuPool(), _entropy, TimeProvider.System);
        var options = new RepositoryCheckOptions
        {
            ReadPercent = 100,
            ScratchDirectory = "/tmp",
            Version = "test",
            IsRecorded = false,
        };
        var report = await check.RunAsync(options, progress: null, Ct);
        Assert.DoesNotContain(report.Findings.Kept, finding => finding.Severity == Severity.Error);
        var catalog = new SnapshotCatalog(objects);
        var stored = new HashSet<string>();
        foreach (var timeline in await catalog.ListTimelinesAsync(Ct))
        {
            foreach (var entry in await catalog.ListAsync(timeline, Ct))
            {
                var manifest = await catalog.ReadAsync(entry, Ct);
                var node = new MemoryFiles.Node();
                using var file = new MemoryFile("image", node);
                await new ImageFetch(objects, new InlineCpuPool()).RunAsync(manifest, file, progress: null, Ct);
                var image = node.Bytes.AsSpan(0, (int)node.Length);
                Assert.Equal(manifest.ImageSha256, Convert.ToHexStringLower(SHA256.HashData(image)));
                stored.Add(manifest.ImageSha256);
            }
        }

        Assert.Superset(Acknowledged, stored);
    }

    public void Dispose() => _connection.Dispose();

    private static ReadOnlySpan<char> Alphabet => "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/";
}
