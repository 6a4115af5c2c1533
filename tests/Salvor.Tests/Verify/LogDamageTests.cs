using System.Buffers.Binary;
using Salvor.Formats.Raft;
using Salvor.Tests.RaftWal;

namespace Salvor.Tests.Verify;

/// <summary>Each thing that can be wrong with a log, as a check of the data directory names it.</summary>
public sealed class LogDamageTests
{
    private const int FrameHeaderBytes = 8;

    private static readonly WalSample Good = SampleDirectory.GoodLog();

    private static readonly Dictionary<string, Action<SampleDirectory>> Rules = new()
    {
        ["wal.torn-tail"] = d => d.Segments[1] = d.Segments[1][..^10],
        ["wal.corrupt-tail"] = d => d.Segments[1].AsSpan(At(98) + FrameHeaderBytes).Fill(0xEE),
        ["wal.record.crc"] = d => d.Segments[1][At(60) + 40] ^= 1,
        ["wal.record.crc-field"] = d => d.Segments[1][At(60) + FrameHeaderBytes + 4] ^= 0x10,
        ["wal.record.length"] = d =>
            BinaryPrimitives.WriteUInt64LittleEndian(d.Segments[1].AsSpan(At(60)), 0x0077_1234_5678),
        ["wal.record.data"] = d => d.Segments = SampleDirectory.Number(SampleDirectory.GoodLog().Entry(0, [1])),
        ["wal.lost-bytes"] = d => d.Segments[1].AsSpan(At(60), At(64) - At(60) + 20).Clear(),
        ["wal.data-after-end"] = d =>
            d.Segments[1] = [.. d.Segments[1], .. new byte[4096], .. Enumerable.Repeat((byte)0xEE, 40)],
        ["wal.chain-break"] = d => d.Segments[0] = SampleDirectory.Number(OtherLog())[0],
        ["wal.segment-empty"] = d => d.Segments[1].AsSpan().Clear(),
        ["wal.sequence-gap"] = d =>
        {
            d.Segments[2] = d.Segments[1];
            d.Segments.Remove(1);
        },
        ["wal.metadata-differs"] = d => d.Segments = SampleDirectory.Number(
            SampleDirectory.GoodLog().Cut(100, WalSample.Owner).Entry(100, "foreign")),
        ["wal.no-metadata"] = d => LoseMetadata(d.Segments),
        ["wal.entry-gap"] = d => d.Segments = SampleDirectory.Number(SampleDirectory.GoodLog().Entry(101, "late")),
        ["wal.commit-beyond-log"] = d => d.Segments = SampleDirectory.Number(
            SampleDirectory.GoodLog().State(new HardState(SampleDirectory.LastTerm, 0xabc, 120))),
    };

    public static TheoryData<string> Codes => new(Rules.Keys);

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Broken_rule_is_named(string code)
    {
        var directory = new SampleDirectory();
        Rules[code](directory);
        var report = await directory.VerifyAsync(TestContext.Current.CancellationToken);
        Assert.Contains(code, report.Findings.Kept.Select(f => f.Code));
    }

    /// <summary>Where an entry of the second segment begins.</summary>
    private static int At(ulong index) => (int)Good.Places[index].Offset;

    /// <summary>As many entries of the same member, with one that differs.</summary>
    private static WalSample OtherLog()
    {
        var log = new WalSample(SampleDirectory.Owner).Entry(1, "another beginning");
        return SampleDirectory.Entries(log, 2, SampleDirectory.SnapshotIndex, term: 1).Snapshot(50);
    }

    /// <summary>Metadata is the second record of each segment.</summary>
    private static void LoseMetadata(SortedDictionary<ulong, byte[]> segments)
    {
        foreach (var segment in segments.Values)
        {
            var word = BinaryPrimitives.ReadUInt64LittleEndian(segment);
            var next = FrameHeaderBytes + (int)(word & 0xFF_FFFF) + (int)((word >> 56) & 7);
            segment[next + FrameHeaderBytes + 12] ^= 1;
        }
    }
}
