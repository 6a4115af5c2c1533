using Salvor.Errors;
using Salvor.Formats.Bytes;
using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Replay;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Restore;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;
using Salvor.Verify;

namespace Salvor.Tests.Issues;

/// <summary>Numbers at their end, on which "one more" overflowed.</summary>
public sealed class GreatestNumbersTests
{
    private static readonly byte[] Value = [1];

    [Fact]
    public void Verify_counts_past_the_greatest_revision_and_version()
    {
        var image = new EtcdDatabase()
            .Put(2, 0, "a", Value, 2, long.MaxValue).Put(3, 0, "a", Value, 2, long.MinValue)
            .Put(long.MaxValue, long.MaxValue, "b", Value, 1, 1).Delete(long.MaxValue, long.MaxValue, "b").ToImage();

        var codes = Verify(image).Findings.Kept.Select(f => f.Code).ToList();

        Assert.Contains("keyspace.version", codes);
        Assert.Contains("keyspace.gap", codes);
    }

    [Fact]
    public void Revision_can_not_be_raised_past_the_end()
    {
        var disk = new MemoryFiles()
            .With("/in", new EtcdDatabase().Compacted(long.MaxValue, long.MaxValue).ToSnapshot());
        var options = new RestoreOptions { DataDirectory = "/out", ClusterToken = "t", RevisionBump = 1 };

        var e = Assert.Throws<SalvorException>(() => new SnapshotRestore(disk, new InlineCpuPool(), TimeProvider.System)
            .RunAsync("/in", options, progress: null, CancellationToken.None).GetAwaiter().GetResult());

        Assert.Equal(ErrorCode.Corrupt, e.Code);
    }

    [Fact]
    public void Replay_stops_at_the_greatest_revision()
    {
        var run = new ReplayRun();
        run.Replay.LoadBase(long.MaxValue, new BackendMeta(), isAuthEnabled: false);

        Assert.Equal(ReplayStop.RevisionsExhausted, run.TryApply(Request.Put("a", "b")));
    }

    [Fact]
    public void Replay_takes_no_entry_after_the_greatest_index()
    {
        var run = new ReplayRun();
        run.Replay.LoadBase(5, new BackendMeta { ConsistentIndex = ulong.MaxValue }, isAuthEnabled: false);

        Assert.Equal(ReplayStop.OutOfOrder, run.Replay.Apply(new Entry(EntryKind.Normal, 1, 0, default)));
    }

    [Fact]
    public void Segment_after_the_greatest_sequence_number_is_a_gap()
    {
        var files = new WalSample().Cut(1).Files;
        var findings = new Support.FindingList();
        WalSegment[] segments =
        [
            new(new WalFileName(ulong.MaxValue, 0), new MemoryByteSource("first", files[0])),
            new(new WalFileName(0, 0), new MemoryByteSource("second", files[1])),
        ];

        WalScanner.Scan(segments, firstIndexWanted: 1, findings, CancellationToken.None);

        Assert.Contains(WalFindings.SequenceGap, findings.Codes);
    }

    private static VerifyReport Verify(byte[] image) =>
        new Verification(new MemoryFiles().With("/db", image), new InlineCpuPool(), TimeProvider.System)
            .RunAsync("/db", walDirectory: null, progress: null, CancellationToken.None).GetAwaiter().GetResult();
}
