using System.Security.Cryptography;
using Salvor.Errors;
using Salvor.Restore.Export;
using Salvor.Restore.FromRepository;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Restore.Export;

public sealed class SnapshotExportTests
{
    private const string Target = "/out/snap.db";

    private readonly MemoryFiles _files = new MemoryFiles().With("/out/other", [1]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_comes_out_as_it_was_sent()
    {
        using var sample = await SampleRepository.GoodAsync();
        var report = await ExportAsync(sample, new RestorePoint.AtRevision(50));

        Assert.True(report.IsAsSent);
        Assert.Equal(SampleDatabase.Good(keys: 46).ToSnapshot(), Read());
        Assert.Equal(["other", "snap.db"], _files.List("/out"));
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(47, 47)]
    [InlineData(30, 30)]
    public async Task Any_revision_comes_out_as_a_snapshot_that_verifies(long revision, long expected)
    {
        using var sample = await SampleRepository.GoodAsync();
        var report = await ExportAsync(sample, new RestorePoint.AtRevision(revision));
        var check = await new Verification(_files, new InlineCpuPool(), TimeProvider.System)
            .RunAsync(Target, walDirectory: null, progress: null, Ct);

        Assert.False(report.IsAsSent);
        Assert.Empty(check.Findings.Kept);
        Assert.Equal(VerifiedKind.Snapshot, check.Kind);
        Assert.Equal(expected, check.Database!.Revision);
        Assert.Equal(99UL, check.Database.Meta.ConsistentIndex);
        Assert.Equal("old", Assert.Single(check.Database.Members).Name);
        Assert.Equal(SHA256.HashData(Read().AsSpan()[..^32]), Read()[^32..]);
        Assert.Equal(["other", "snap.db"], _files.List("/out"));
    }

    [Fact]
    public async Task A_damaged_snapshot_is_stepped_past_and_named()
    {
        using var sample = await SampleRepository.GoodAsync();
        sample.Flip(sample.Find("/packs/", index: 1), offset: 100);
        var report = await ExportAsync(sample, new RestorePoint.Latest());

        Assert.Single(report.Plan.PassedOver);
        Assert.Equal((44L, 60L), (report.Plan.Base.Revision, report.Plan.Revision));
        Assert.Equal(["other", "snap.db"], _files.List("/out"));
    }

    [Fact]
    public async Task Nothing_is_overwritten_and_nothing_is_left_when_it_fails()
    {
        using var sample = await SampleRepository.GoodAsync();
        _files.With(Target, [7]);
        var taken = await Assert.ThrowsAsync<SalvorException>(() => ExportAsync(sample, new RestorePoint.Latest()));
        Assert.Equal(ErrorCode.TargetNotEmpty, taken.Code);
        Assert.Equal([7], Read());

        _files.DeleteOwnFile(Target);
        _files.Free = 1000;
        var full = await Assert.ThrowsAsync<SalvorException>(() => ExportAsync(sample, new RestorePoint.Latest()));
        Assert.Equal(ErrorCode.NoSpace, full.Code);
        Assert.Equal(["other"], _files.List("/out"));
    }

    private Task<ExportReport> ExportAsync(SampleRepository sample, RestorePoint point) =>
        new SnapshotExport(_files, new InlineCpuPool(), sample.Entropy, TimeProvider.System)
            .RunAsync(sample.Objects, point, Target, progress: null, Ct);

    private byte[] Read()
    {
        using var file = _files.OpenRead(Target);
        var bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.ReadAt(0, bytes));
        return bytes;
    }
}
