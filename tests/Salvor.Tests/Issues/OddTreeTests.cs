using System.Buffers.Binary;
using Salvor.Formats.Bbolt;
using Salvor.Restore;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Issues;

/// <summary>
/// A tree whose shape alone is odd loses nothing: verify ended with an error in place of a warning, and restore refused
/// it.
/// </summary>
public sealed class OddTreeTests
{
    private const int PageSizeBytes = 1024;

    [Fact]
    public async Task Branch_key_below_its_child_is_a_warning_and_is_restored()
    {
        var disk = new MemoryFiles().With("/db", WithLowBranchKey());

        var report = Verify(disk, "/db");
        var restored = await new SnapshotRestore(disk, new InlineCpuPool(), TimeProvider.System).RunAsync("/db",
            new RestoreOptions { DataDirectory = "/out", ClusterToken = "t", SkipsHashCheck = true }, progress: null,
                CancellationToken.None);

        Assert.Equal("bbolt.branch.key", Assert.Single(report.Findings.Kept).Code);
        Assert.NotNull(report.Database!.HashKv);
        Assert.Equal(200, restored.Entries);
        var after = Verify(disk, "/out");
        Assert.DoesNotContain(after.Findings.Kept, f => f.Code.StartsWith("bbolt.", StringComparison.Ordinal));
        Assert.Equal(report.Database.HashKv, after.Database!.HashKv);
    }

    /// <summary>Lowers the key that leads to the second leaf, to between the leaves.</summary>
    private static byte[] WithLowBranchKey()
    {
        var database = new EtcdDatabase();
        for (var i = 0; i < 200; i++)
        {
            database.Put(i + 2, 0, $"key-{i}", [1, 2, 3], i + 2, 1);
        }

        var image = database.ToImage();
        for (var page = 0; page < image.Length; page += PageSizeBytes)
        {
            if (PageHeader.Read(image.AsSpan(page)).Kind == PageKind.Branch)
            {
                var element = page + PageHeader.SizeBytes + BranchPage.ElementHeaderBytes;
                var key = element + BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(element));
                var main = BinaryPrimitives.ReadInt64BigEndian(image.AsSpan(key));
                BinaryPrimitives.WriteInt64BigEndian(image.AsSpan(key), main - 1);
                BinaryPrimitives.WriteInt64BigEndian(image.AsSpan(key + 9), 1);
                return image;
            }
        }

        throw new InvalidOperationException("There is no branch page.");
    }

    private static VerifyReport Verify(MemoryFiles disk, string path) =>
        new Verification(disk, new InlineCpuPool(), TimeProvider.System)
        .RunAsync(path, walDirectory: null, progress: null, CancellationToken.None).GetAwaiter().GetResult();
}
