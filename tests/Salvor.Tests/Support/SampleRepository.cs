using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Salvor.Formats.Etcd;
using Salvor.Platform;
using Salvor.Repository;
using Salvor.Repository.Keys;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;

namespace Salvor.Tests.Support;

/// <summary>A repository in memory with whatever snapshots and segments a test wants.</summary>
internal sealed class SampleRepository : IDisposable
{
    public static readonly TimelineId Timeline = new(1);

    private readonly OpenedRepository _opened;

    private SampleRepository(MemoryStore store, IEntropy entropy, Clock time, OpenedRepository opened)
    {
        Store = store;
        Entropy = entropy;
        Time = time;
        _opened = opened;
        Objects = opened.ForObjects(entropy);
        Log = new SegmentStore(Objects, Timeline);
    }

    public MemoryStore Store { get; }

    public IEntropy Entropy { get; }

    public Clock Time { get; }

    public OpenRepository Objects { get; }

    public OpenedRepository Opened => _opened;

    public SegmentStore Log { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SampleRepository> NewAsync(int seed = 1)
    {
        var store = new MemoryStore();
        var entropy = new SeededEntropy(seed);
        var time = new Clock();
        var id = RepositoryId.New(entropy);
        using var file = KeyFile.New("/key", id, entropy);
        var creator = new RepositoryCreator(store, new InlineCpuPool(), entropy, time);
        var sample = new SampleRepository(store, entropy, time, await creator.CreateAsync(id, file, Ct));
        await new SnapshotCatalog(sample.Objects).TryBeginAsync(
            new TimelineBegin { Timeline = 1, ClusterId = "1", Reason = "a test", Begun = time.GetUtcNow() }, Ct);
        return sample;
    }

    /// <summary>Snapshots of revisions 44 and 50, and segments of 45 to 50, 51 to 55 and 56 to 60.</summary>
    public static async Task<SampleRepository> GoodAsync(int seed = 1)
    {
        var sample = await NewAsync(seed);
        var first = await sample.SnapshotAsync(SampleDatabase.Good(keys: 40).ToImage(), revision: 44);
        await sample.SegmentAsync(45, 50);
        await sample.SnapshotAsync(SampleDatabase.Good(keys: 46).ToImage(), revision: 50, first);
        await sample.SegmentAsync(51, 55);
        await sample.SegmentAsync(56, 60);
        return sample;
    }

    public ObjectId NextId()
    {
        Time.Now += TimeSpan.FromSeconds(1);
        return ObjectId.New(Time, Entropy);
    }

    public async Task<SnapshotManifest> SnapshotAsync(
        byte[] image,
        long revision,
        SnapshotManifest? newest = null,
        Func<SnapshotManifest, SnapshotManifest>? edit = null)
    {
        var id = NextId();
        var stored = await new BaseImageLoader(Objects).LoadAsync(Timeline, newest, new HashSet<string>(), Ct);
        await using var writer = new ImageWriter(Objects, new InlineCpuPool(), Timeline, id, stored, image.Length, Ct);
        writer.Append(image);
        await writer.SettleAsync();
        var packs = await writer.FinishAsync();
        var manifest = new SnapshotManifest
        {
            Id = id.Value,
            Timeline = Timeline.Value,
            Revision = revision,
            CompactRevision = 0,
            Source = new SourceIdentity("1", "2", 3, 4, "3.5.30"),
            Begun = Time.Now,
            Finished = Time.Now,
            ImageBytes = image.Length,
            ImageSha256 = Convert.ToHexStringLower(SHA256.HashData(image)),
            ChangedPages = writer.ChangedPages,
            StoredBytes = writer.StoredBytes,
            Packs = [.. packs],
        };
        manifest = edit?.Invoke(manifest) ?? manifest;
        await new SnapshotCatalog(Objects).CommitAsync(manifest, Ct);
        return manifest;
    }

    /// <summary>A segment in which every revision creates a key of its own, on lease 0x77.</summary>
    public async Task<SegmentName> SegmentAsync(long first, long last)
    {
        var writer = new SegmentWriter();
        for (var revision = first; revision <= last; revision++)
        {
            Time.Now += TimeSpan.FromSeconds(1);
            var bytes = new ArrayBufferWriter<byte>();
            new KeyValue
            {
                Key = Encoding.ASCII.GetBytes($"/log/{revision}"),
                Value = "value"u8,
                CreateRevision = revision,
                ModRevision = revision,
                Version = 1,
                Lease = 0x77,
            }.Write(bytes);
            writer.AddChange(ChangeKind.Put, bytes.WrittenSpan);
            writer.CompleteRevision(revision, Time.Now);
        }

        using var content = writer.Finish(new SegmentOrigin(1, 2, 3, 4), [new SegmentLease(0x77, 3600)]);
        var name = new SegmentName(first, last, NextId().Value);
        await Log.PutAsync(name, Log.Seal(name, content.Bytes.Span), Ct);
        return name;
    }

    /// <summary>The n-th stored object whose name holds this text.</summary>
    public string Find(string part, int index = 0) =>
        Store.Names.Where(name => name.Contains(part, StringComparison.Ordinal)).ElementAt(index);

    /// <summary>Changes one byte of an object; from its end, where the offset is negative.</summary>
    public void Flip(string name, int offset)
    {
        var bytes = Store[name]!.ToArray();
        bytes[offset < 0 ? bytes.Length + offset : offset] ^= 1;
        Store[name] = bytes;
    }

    public void Dispose() => _opened.Dispose();

    internal sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
