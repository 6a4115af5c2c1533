using Salvor.Formats.Bytes;
using Salvor.Formats.RaftWal;
using Salvor.Formats.Snap;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Etcd;

/// <summary>Files that real etcds wrote, read here without one.</summary>
public sealed class RealDatabaseTests
{
    public static TheoryData<string> Versions => [.. EtcdFixture.All.Select(f => f.Version)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Snapshot_has_the_hash_that_etcd_answered(string version)
    {
        var report = Verify(Fixture(version).Snapshot);

        Assert.Empty(report.Findings.Kept);
        Assert.Equal((14L, 5L, 7L),
            (report.Database!.Revision, report.Database.CompactRevision, report.Database.LiveKeys));
        Assert.Equal(EtcdFixture.HashKv, report.Database.HashKv);
        Assert.NotNull(report.Database.Sha256);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Stopped_members_database_has_the_same_hash(string version) =>
        Assert.Equal(EtcdFixture.HashKv, Verify(Fixture(version).Database).Database!.HashKv);

    [Theory]
    [MemberData(nameof(Versions))]
    public void Log_and_snap_file_are_whole(string version)
    {
        var findings = new Support.FindingList();
        var log = WalScanner.Scan(WalSample.Segments([Fixture(version).Wal]), firstIndexWanted: 1, findings,
            CancellationToken.None);
        var snap = SnapFile.Read(new MemoryByteSource("snap", Fixture(version).Snap));

        Assert.Empty(findings.All);
        Assert.True(log.Entries.LastIndex > snap.Metadata.Index);
        Assert.Equal(log.Snapshots[^1].Index, snap.Metadata.Index);
    }

    private static EtcdFixture Fixture(string version) => EtcdFixture.All.Single(f => f.Version == version);

    private static VerifyReport Verify(byte[] file) =>
        new Verification(new MemoryFiles().With("/file", file), new InlineCpuPool(), TimeProvider.System)
            .RunAsync("/file", walDirectory: null, progress: null, CancellationToken.None).GetAwaiter().GetResult();
}
