using System.Buffers;
using System.Security.Cryptography;
using Salvor.ObjectStore;
using Salvor.Repository;
using Salvor.Repository.Keeping;
using Salvor.Repository.Log;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Keeping;

/// <summary>A repository with snapshots of a changing image, and everything that writers and prune do to it.</summary>
internal sealed class KeptRepository(MemoryStore store, int seed)
{
    public const int PageBytes = 4096;

    public static readonly TimelineId Timeline = new(1);

    private readonly SeededEntropy _entropy = new(seed);
    private readonly Random _random = new(seed);

    public MemoryStore Store { get; } = store;

    public ObjectSealer Sealer { get; } = TestRepository.Sealer();

    public HashSet<string> Verified { get; } = [];

    public RetentionPolicy Policy { get; init; } = new()
    {
        KeepLast = 2,
        Hourly = 0,
        Daily = 0,
        Weekly = 0,
        Monthly = 0,
        Continuous = TimeSpan.Zero,
        UnverifiedMax = 2,
    };

    public MergeRules Merging { get; init; } = new();

    public byte[] Image { get; private set; } = new byte[60 * PageBytes];

    public long Revision { get; private set; } = 100;

    /// <summary>The same repository in another store.</summary>
    public KeptRepository CopyTo(MemoryStore other, int seed)
    {
        var copy = new KeptRepository(other, seed)
        {
            Policy = Policy,
            Merging = Merging,
            Image = Image,
            Revision = Revision,
        };
        copy.Verified.UnionWith(Verified);
        return copy;
    }

    public async Task BeginAsync(TimeProvider clock, CancellationToken ct)
    {
        var begin = new TimelineBegin
        {
            Timeline = 1,
            ClusterId = "1",
            Reason = "the first backup",
            Begun = clock.GetUtcNow(),
        };
        Assert.True(await new SnapshotCatalog(new OpenRepository(Store, Sealer)).TryBeginAsync(begin, ct));
        _random.NextBytes(Image);
    }

    /// <param name="revision">The revision that the image then has; null for the next ten.</param>
    public void Change(long? revision = null)
    {
        var next = Image.ToArray();
        for (var i = 0; i < 30; i++)
        {
            _random.NextBytes(next.AsSpan(_random.Next(next.Length / PageBytes) * PageBytes, PageBytes));
        }

        Image = next;
        Revision = revision ?? (Revision + 10);
    }

    public async Task AddSegmentAsync(long first, long last, CancellationToken ct)
    {
        var name = new SegmentName(first, last, ObjectId.New(TimeProvider.System, _entropy).Value);
        await Store.PutAsync(
            new ObjectName(RepositoryNames.Log(Timeline) + name), new ReadOnlySequence<byte>(new byte[9]),
            PutCondition.None, ct);
    }

    /// <summary>An attempt as a backup makes it, on the way that the store given goes.</summary>
    /// <param name="through">The store as this writer sees it.</param>
    /// <param name="clock">The writer's clock.</param>
    /// <param name="isCutShort">Whether it ends before its commit.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>The snapshot; null when none was made.</returns>
    public async Task<SnapshotManifest?> TakeAsync(
        IObjectStore through, TimeProvider clock, bool isCutShort, CancellationToken ct)
    {
        var repository = new OpenRepository(through, Sealer);
        var limit = new WorkLimit(clock, WorkLimit.Usual);
        var condemned = await new PrunePlans(repository).ReadCondemnedAsync(ct);
        var (image, revision) = (Image, Revision);
        var attempt = ObjectId.New(clock, _entropy);
        var catalog = new SnapshotCatalog(repository);
        var listed = await catalog.ListAsync(Timeline, ct);
        var newest = listed.Count == 0 ? null : await catalog.ReadAsync(listed[^1], ct);
        var stored = await new BaseImageLoader(repository).LoadAsync(Timeline, newest, condemned.Of(Timeline), ct);
        await using var writer = new ImageWriter(repository, new InlineCpuPool(), Timeline, attempt, stored, image.Length, ct);
        writer.Append(image);
        await writer.SettleAsync();
        var packs = await writer.FinishAsync();
        if (isCutShort || limit.IsOver)
        {
            return null;
        }

        var manifest = new SnapshotManifest
        {
            Id = attempt.Value,
            Timeline = Timeline.Value,
            Revision = revision,
            CompactRevision = 0,
            Source = new SourceIdentity("1", "2", 3, 4, "3.5.30"),
            Begun = clock.GetUtcNow(),
            Finished = clock.GetUtcNow(),
            ImageBytes = image.Length,
            ImageSha256 = Convert.ToHexStringLower(SHA256.HashData(image)),
            ChangedPages = writer.ChangedPages,
            StoredBytes = writer.StoredBytes,
            Packs = [.. packs],
        };
        await catalog.CommitAsync(manifest, ct);
        return manifest;
    }

    public Task<PruneReport> PruneAsync(IObjectStore through, TimeProvider clock, bool isDryRun, CancellationToken ct)
    {
        var repository = new OpenRepository(through, Sealer);
        var pruner = new Pruner(repository, (_, _) => Task.FromResult<IReadOnlySet<string>>(Verified), _entropy, clock)
        {
            Merging = Merging,
        };
        return pruner.RunAsync(Policy, isDryRun, ct);
    }

    /// <summary>Every snapshot that is listed comes back as it was.</summary>
    public async Task<HashSet<string>> RequireAllWholeAsync(MemoryStore at, CancellationToken ct)
    {
        var repository = new OpenRepository(at, Sealer);
        var catalog = new SnapshotCatalog(repository);
        var ids = new HashSet<string>();
        foreach (var entry in await catalog.ListAsync(Timeline, ct))
        {
            var manifest = await catalog.ReadAsync(entry, ct);
            var node = new MemoryFiles.Node();
            using var file = new MemoryFile("image", node);
            await new ImageFetch(repository, new InlineCpuPool()).RunAsync(manifest, file, progress: null, ct);
            var image = node.Bytes.AsSpan(0, (int)node.Length);
            Assert.Equal(manifest.ImageSha256, Convert.ToHexStringLower(SHA256.HashData(image)));
            ids.Add(manifest.Id);
        }

        return ids;
    }
}
