using Salvor.Errors;
using Salvor.Restore.Salvage;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>A disk that fails to read some sectors must not keep the others from being saved.</summary>
public sealed class UnreadableSectorTests
{
    private const string Code = "directory.unreadable";
    private const int Keys = 400;
    private const int SectorBytes = 4096;

    [Fact]
    public void A_bad_sector_reads_as_zeros_and_the_bytes_around_it_as_they_are()
    {
        var content = WalSample.Fill(1, (3 * SectorBytes) + 100);
        var files = new MemoryFiles().With("/file", content).Unreadable("/file", SectorBytes + 5, 1);
        var findings = new FindingList();
        using var file = files.OpenRead("/file");
        var source = new RescueSource(file, findings);

        var buffer = WalSample.Fill(9, 4 * SectorBytes);
        Assert.Equal(content.Length - 10, source.ReadAt(10, buffer));
        content.AsSpan(SectorBytes, SectorBytes).Clear();
        Assert.Equal(content[10..], buffer[..(content.Length - 10)]);

        var inside = new byte[8];
        Assert.Equal(inside.Length, source.ReadAt(SectorBytes, inside));
        var finding = Assert.Single(findings.All);
        Assert.Equal((Code, SectorBytes), (finding.Code, finding.Offset));
    }

    [Fact]
    public void A_fault_that_is_not_the_disks_is_not_hidden()
    {
        var findings = new FindingList();
        using var file = new RefusingFile();
        var source = new RescueSource(file, findings);
        Assert.Throws<SalvorException>(() => source.ReadAt(0, new byte[8]));
        Assert.Empty(findings.All);
    }

    [Fact]
    public void Entries_of_an_unreadable_leaf_are_lost_and_the_rest_is_saved()
    {
        var scene = new SalvageScene().Database(SampleDatabase.Good(Keys).ToImage())
            .Log(new WalSample().Snapshot(99));
        scene.Files.Unreadable(SalvageScene.DatabasePath, 8 * SectorBytes, SectorBytes);
        var report = scene.Salvage();
        Assert.False(report.IsComplete);
        Assert.Contains(report.Losses, l => l.Contains("cut off the revisions from", StringComparison.Ordinal));
        var finding = Assert.Single(report.Findings.Kept, f => f.Code == Code);
        Assert.Equal(8 * SectorBytes, finding.Offset);
        Assert.InRange(scene.Entries(isWhole: false).Count, Keys - 20, Keys - 5);
    }

    [Fact]
    public void Without_a_single_readable_page_the_log_tells_all_that_it_can()
    {
        var image = SampleDatabase.Good().ToImage();
        var log = new WalSample().Entry(1, Request.Put("a", "1")).Entry(2, Request.Put("b", "2"));
        var scene = new SalvageScene().Database(image).Log(log);
        scene.Files.Unreadable(SalvageScene.DatabasePath, 0, image.Length);
        var report = scene.Salvage();
        Assert.Equal("the log alone, from the cluster's first entry on", report.PutTogetherFrom);
        Assert.Equal(["2 a", "3 b"], scene.Entries());
        Assert.Contains(report.Findings.Kept, f => f.Code == Code);
    }

    [Fact]
    public void A_log_is_applied_up_to_its_first_unreadable_entry()
    {
        var log = new WalSample();
        for (var index = 1UL; index <= 30; index++)
        {
            log.Entry(index, Request.Put("k", new string('v', 1000)));
        }

        var scene = new SalvageScene().Log(log);
        scene.Files.Unreadable(SalvageScene.SegmentPath(0), 2 * SectorBytes, SectorBytes);
        var report = scene.Salvage();
        Assert.False(report.IsComplete);
        Assert.InRange(report.RaftIndex, 6UL, 8UL);
        Assert.Contains(report.Findings.Kept, f => f.Code == Code);
    }
}
