using System.Security.Cryptography;
using Salvor.Formats;
using Salvor.Repository;
using Salvor.Repository.Snapshots;
using Salvor.Tests.Support;

namespace Salvor.Tests.Repository.Snapshots;

public sealed class ImageTests
{
    private const int PageBytes = 4096;
    private static readonly TimelineId Timeline = new(1);
    private readonly MemoryStore _store = new();
    private readonly SeededEntropy _entropy = new(3);
    private readonly OpenRepository _repository;
    private readonly Clock _clock = new();

    public ImageTests() => _repository = new OpenRepository(_store, TestRepository.Sealer());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_snapshot_of_a_changing_image_comes_back(int seed)
    {
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var image = RandomImage(random, pages: 700);
        SnapshotManifest? newest = null;
        var all = new List<(SnapshotManifest Manifest, byte[] Image)>();
        for (var generation = 0; generation < 25; generation++)
        {
            newest = await TakeAsync(image, newest);
            all.Add((newest, image));
            image = Change(random, image);
        }

        foreach (var (manifest, expected) in all)
        {
            Assert.Equal(expected, await FetchAsync(manifest));
        }
    }

    [Fact]
    public async Task Only_changed_pages_are_stored()
    {
        var random = new Random(9);
        var image = RandomImage(random, pages: 2000);
        var first = await TakeAsync(image, newest: null);
        var changed = image.ToArray();
        foreach (var page in new[] { 0, 17, 18, 19, 900, 1999 })
        {
            random.NextBytes(changed.AsSpan(page * PageBytes, PageBytes));
        }

        var second = await TakeAsync(changed, first);
        var third = await TakeAsync(changed, second);

        Assert.Equal(2000, first.ChangedPages);
        Assert.Equal(6, second.ChangedPages);
        Assert.True(second.StoredBytes < 1.3 * 6 * PageBytes, $"{second.StoredBytes} bytes");
        Assert.Equal(0, third.ChangedPages);
        Assert.Equal(0, third.StoredBytes);
    }

    [Fact]
    public async Task Packs_stay_bounded_in_number_and_in_what_is_dead_in_them()
    {
        var random = new Random(10);
        var image = RandomImage(random, pages: 512);
        SnapshotManifest? newest = null;
        for (var generation = 0; generation < 400; generation++)
        {
            newest = await TakeAsync(image, newest);
            random.NextBytes(image.AsSpan(random.Next(512) * PageBytes, PageBytes));
        }

        Assert.InRange(newest!.Packs.Length, 1, 67);
        Assert.True(newest.Packs.Sum(pack => pack.Pages) < 5 * 512);
        Assert.All(newest.Packs, pack => Assert.True(pack.LivePages > 0));
    }

    [Fact]
    public async Task What_a_broken_attempt_stored_is_not_stored_again()
    {
        var random = new Random(11);
        var image = RandomImage(random, pages: 5000); // 20 MB: two full packs and a rest.
        var loader = new BaseImageLoader(_repository);
        var empty = await loader.LoadAsync(Timeline, null, new HashSet<string>(), Ct);
        await using (var broken = new ImageWriter(_repository, new InlineCpuPool(), Timeline, NextId(), empty, image.Length, Ct))
        {
            broken.Append(image.AsSpan(0, 4500 * PageBytes));
            await broken.SettleAsync();
            await WaitForAsync(() => _store.Names.Count == 2);
        }

        var manifest = await TakeAsync(image, newest: null);

        Assert.Equal(3, manifest.Packs.Length);
        Assert.InRange(manifest.ChangedPages, 1, 1500);
        Assert.Equal(image, await FetchAsync(manifest));
    }

    [Fact]
    public async Task A_damaged_pack_of_the_base_is_replaced_and_a_damaged_snapshot_is_named()
    {
        var random = new Random(12);
        var image = RandomImage(random, pages: 300);
        var first = await TakeAsync(image, newest: null);
        var name = RepositoryNames.Pack(Timeline, first.Packs[0].Name).Value;
        var damaged = _store[name]!.ToArray();
        damaged[^100] ^= 1; // In the directory.
        _store[name] = damaged;

        var fault = await Assert.ThrowsAsync<CorruptDataException>(() => FetchAsync(first));
        var second = await TakeAsync(image, first);

        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Equal(300, second.ChangedPages);
        Assert.Equal(image, await FetchAsync(second));
    }

    [Fact]
    public async Task A_short_last_page_keeps_its_length()
    {
        var image = RandomImage(new Random(13), pages: 3)[..^1000];

        Assert.Equal(image, await FetchAsync(await TakeAsync(image, newest: null)));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ObjectId NextId()
    {
        _clock.Now += TimeSpan.FromSeconds(1);
        return ObjectId.New(_clock, _entropy);
    }

    private async Task<SnapshotManifest> TakeAsync(byte[] image, SnapshotManifest? newest)
    {
        var id = NextId();
        var loader = new BaseImageLoader(_repository);
        var stored = await loader.LoadAsync(Timeline, newest, new HashSet<string>(), Ct);
        await using var writer = new ImageWriter(_repository, new InlineCpuPool(), Timeline, id, stored, image.Length, Ct);
        for (var offset = 0; offset < image.Length; offset += 10_000)
        {
            writer.Append(image.AsSpan(offset, Math.Min(10_000, image.Length - offset)));
            await writer.SettleAsync();
        }

        var packs = await writer.FinishAsync();
        using var reread = new StoredImage(_repository, Timeline, stored, image.Length, Ct);
        var somewhere = new byte[Math.Min(9000, image.Length)];
        Assert.Equal(somewhere.Length, reread.ReadAt(image.Length - somewhere.Length, somewhere));
        Assert.Equal(image[^somewhere.Length..], somewhere);
        return Manifest(id, image, writer, [.. packs]);
    }

    private static SnapshotManifest Manifest(
        ObjectId id, byte[] image, ImageWriter writer, SnapshotPack[] packs) => new()
        {
            Id = id.Value,
            Timeline = Timeline.Value,
            Revision = 1,
            CompactRevision = 0,
            Source = new SourceIdentity("1", "2", 3, 4, "3.5.30"),
            Begun = default,
            Finished = default,
            ImageBytes = image.Length,
            ImageSha256 = Convert.ToHexStringLower(SHA256.HashData(image)),
            ChangedPages = writer.ChangedPages,
            StoredBytes = writer.StoredBytes,
            Packs = [.. packs],
        };

    private async Task<byte[]> FetchAsync(SnapshotManifest manifest)
    {
        var node = new MemoryFiles.Node();
        using var file = new MemoryFile("image", node);
        await new ImageFetch(_repository, new InlineCpuPool()).RunAsync(manifest, file, progress: null, Ct);
        return node.Bytes.AsSpan(0, (int)node.Length).ToArray();
    }

    private static byte[] RandomImage(Random random, int pages)
    {
        var image = new byte[pages * PageBytes];
        random.NextBytes(image);
        return image;
    }

    private static byte[] Change(Random random, byte[] image)
    {
        var pages = Math.Max(1, (image.Length / PageBytes) + random.Next(-60, 80));
        var next = new byte[pages * PageBytes];
        image.AsSpan(0, Math.Min(image.Length, next.Length)).CopyTo(next);
        if (next.Length > image.Length)
        {
            random.NextBytes(next.AsSpan(image.Length));
        }

        for (var i = random.Next(100); i > 0; i--)
        {
            random.NextBytes(next.AsSpan(random.Next(pages) * PageBytes, PageBytes));
        }

        return next;
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
        {
            Ct.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
