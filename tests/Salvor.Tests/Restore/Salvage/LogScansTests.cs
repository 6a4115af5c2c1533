using System.Globalization;
using Salvor.Formats.RaftWal;
using Salvor.Restore.Salvage;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>A scan that is used again must say what a new one would.</summary>
public sealed class LogScansTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_scan_that_is_used_again_finds_the_same_entries()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var segments = WalSample.Segments(Sample(random).Files);
            var scans = new LogScans(segments, new FindingList(), Cancel);
            for (var i = 0; i < 8; i++)
            {
                var index = (ulong)random.Next(1, 45);
                var expected = WalScanner.Scan(segments, index, new FindingList(), Cancel);
                Assert.Equal(Places(expected, index), Places(scans.From(index), index));
                Assert.Equal(expected.LastIndexSeen, scans.From(index).LastIndexSeen);
            }
        }
    }

    [Fact]
    public void Bases_share_scans_and_findings_are_told_once()
    {
        var segments = WalSample.Segments([.. WalSample.WithEntries(40).Files, []]);
        var findings = new FindingList();
        var scans = new LogScans(segments, findings, Cancel);
        foreach (var index in (ulong[])[41, 40, 41, 1, 20, 7, 41, 60])
        {
            scans.From(index);
        }

        Assert.Equal(2, scans.Count);
        Assert.Single(findings.All, f => f.Code == WalFindings.SegmentEmpty);
    }

    /// <summary>Entries that go on, leave some out, or write some again.</summary>
    private static WalSample Sample(Random random)
    {
        var log = new WalSample();
        var index = random.Next(1, 6);
        for (var i = 0; i < 40; i++)
        {
            log.Entry((ulong)index, [1, 2, (byte)i], term: (ulong)i + 1);
            index = Math.Clamp(index + random.Next(20) switch { 0 => 3, 1 => -4, 2 => -1, _ => 1 }, 1, 40);
        }

        return log;
    }

    private static List<string> Places(WalLog log, ulong from)
    {
        var places = new List<string>();
        for (var index = from; index <= log.Entries.LastIndex && log.Entries.Count > 0; index++)
        {
            places.Add(string.Create(CultureInfo.InvariantCulture, $"{index} {log.Entries[index].Offset}"));
        }

        return places;
    }
}
