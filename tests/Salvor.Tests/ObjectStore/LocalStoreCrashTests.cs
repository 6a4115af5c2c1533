using System.Buffers;
using Salvor.Errors;
using Salvor.ObjectStore;
using Salvor.ObjectStore.Local;
using Salvor.Platform;
using Salvor.Platform.Linux;
using Salvor.Tests.DataDirectory;
using Salvor.Tests.Support;

namespace Salvor.Tests.ObjectStore;

/// <summary>The directory store loses power, or has one change fail, at every change that it makes.</summary>
public sealed class LocalStoreCrashTests : IDisposable
{
    private static readonly ObjectName Pack = new("packs/ab/pack");
    private static readonly ObjectName Lease = new("lease");

    private static readonly string[] AllNames = ["garbage/old", "lease", "packs/ab/pack", "pointer"];

    private readonly TempDirectory _temporary = new();
    private int _rounds;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task Power_cut_at_any_change_leaves_the_old_objects_or_the_new_and_no_part()
    {
        var changes = await CountChangesAsync();
        for (var cutAt = 0; cutAt < changes; cutAt++)
        {
            var (directory, lease) = await PrepareAsync();
            var files = new FaultyFileSystem(new LinuxFileSystem()) { CutAt = cutAt };
            await Assert.ThrowsAsync<PowerCutException>(() => WorkAsync(Open(directory, files), lease));

            await ShouldBeOldOrNewAsync(directory);
            await ShouldWorkAgainAsync(directory);
        }
    }

    [Fact]
    public async Task Failure_of_any_change_is_told_and_doing_it_again_mends_it()
    {
        var changes = await CountChangesAsync();
        for (var failAt = 0; failAt < changes; failAt++)
        {
            var (directory, lease) = await PrepareAsync();
            var files = new FaultyFileSystem(new LinuxFileSystem()) { FailAt = failAt, Failure = ErrorCode.NoSpace };
            var store = Open(directory, files);
            var error = await Assert.ThrowsAsync<SalvorException>(() => WorkAsync(store, lease));
            Assert.Equal(ErrorCode.NoSpace, error.Code);

            await ShouldBeOldOrNewAsync(directory);
            await ShouldWorkAgainAsync(directory);
        }
    }

    [Fact]
    public async Task Every_put_is_flushed_before_it_returns()
    {
        var (directory, lease) = await PrepareAsync();
        var files = new FaultyFileSystem(new LinuxFileSystem());
        await WorkAsync(Open(directory, files), lease);

        var cache = new DiskCache();
        foreach (var step in files.Steps)
        {
            cache.Take(step);
        }

        Assert.DoesNotContain(cache.Below(directory), p => !p.EndsWith("/~lock", StringComparison.Ordinal));
    }

    private static async Task WorkAsync(LocalStore store, ObjectTag lease)
    {
        Assert.True((await PutAsync(store, Pack, 2, PutCondition.IfAbsent)).IsStored);
        Assert.True((await PutAsync(store, new("pointer"), 2, PutCondition.None)).IsStored);
        Assert.True((await PutAsync(store, Lease, 2, PutCondition.IfMatch(lease))).IsStored);
        await store.DeleteAsync(new("garbage/old"), Ct);
    }

    private static async Task ShouldBeOldOrNewAsync(string directory)
    {
        var store = Open(directory, new LinuxFileSystem());
        var names = await store.ListAsync("", null, Ct).Select(i => i.Name.Value).ToListAsync(Ct);
        Assert.All(names, n => Assert.Contains(n, AllNames));
        foreach (var name in names)
        {
            using var content = await store.GetAsync(new(name), null, 1 << 20, Ct);
            Assert.InRange(Seed(content!.Bytes), 1, 2);
        }
    }

    private static async Task ShouldWorkAgainAsync(string directory)
    {
        var store = Open(directory, new LinuxFileSystem());
        await PutAsync(store, Pack, 2, PutCondition.IfAbsent);
        await PutAsync(store, new("pointer"), 2, PutCondition.None);
        using (var present = await store.GetAsync(Lease, null, 1 << 20, Ct))
        {
            Assert.True((await PutAsync(store, Lease, 2, PutCondition.IfMatch(present!.Tag!.Value))).IsStored);
        }

        await store.DeleteAsync(new("garbage/old"), Ct);
        await store.RemoveAbandonedAsync(DateTimeOffset.UtcNow.AddDays(1), Ct);
        Assert.Equal(
            ["lease", "packs", "packs/ab", "packs/ab/pack", "pointer", "~lock"],
            Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories)
                .Select(p => Path.GetRelativePath(directory, p)).Where(p => p != "garbage")
                .Order(StringComparer.Ordinal));
    }

    private async Task<(string Directory, ObjectTag Lease)> PrepareAsync()
    {
        var directory = _temporary[$"round-{_rounds++}"];
        LocalStore.CreateDirectory(new LinuxFileSystem(), directory);
        var store = Open(directory, new FaultyFileSystem(new LinuxFileSystem()));
        await PutAsync(store, new("pointer"), 1, PutCondition.None);
        await PutAsync(store, new("garbage/old"), 1, PutCondition.None);
        return (directory, (await PutAsync(store, Lease, 1, PutCondition.None)).Tag!.Value);
    }

    private async Task<int> CountChangesAsync()
    {
        var (directory, lease) = await PrepareAsync();
        var files = new FaultyFileSystem(new LinuxFileSystem());
        await WorkAsync(Open(directory, files), lease);
        return files.Steps.Count;
    }

    private static LocalStore Open(string directory, IFileSystem files) => new(
        new LocalStoreOptions { Directory = directory }, files, new InlineCpuPool(), new OsEntropy(),
        TimeProvider.System);

    private static Task<PutResult> PutAsync(LocalStore store, ObjectName name, int seed, PutCondition condition)
    {
        var content = new byte[5_000];
        new Random(seed).NextBytes(content);
        return store.PutAsync(name, new ReadOnlySequence<byte>(content), condition, Ct);
    }

    /// <summary>Which of the contents it is; 0 for neither.</summary>
    private static int Seed(ReadOnlyMemory<byte> bytes)
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            var content = new byte[5_000];
            new Random(seed).NextBytes(content);
            if (bytes.Span.SequenceEqual(content))
            {
                return seed;
            }
        }

        return 0;
    }
}
