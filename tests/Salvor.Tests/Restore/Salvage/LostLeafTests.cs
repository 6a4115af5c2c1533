using System.Buffers.Binary;
using Salvor.Formats.Bbolt;
using Salvor.Restore.Salvage;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>Leaves to which a damaged branch page does not lead any more.</summary>
public sealed class LostLeafTests
{
    private const int Keys = 400;
    private const int PageBytes = 4096;

    [Fact]
    public void Entries_of_a_lost_leaf_are_found_again_and_proven_whole()
    {
        var (report, entries) = Salvage(SampleDatabase.Good(Keys), child: 3);
        Assert.True(report.IsComplete, string.Join(' ', report.Losses));
        Assert.True(report.Findings.Errors > 0);
        Assert.Equal(Whole(SampleDatabase.Good(Keys)), entries);
    }

    [Fact]
    public void Below_a_compaction_they_stay_uncertain()
    {
        var database = SampleDatabase.Good(Keys);
        database.SetCompacted(scheduled: Keys, finished: Keys);
        var (report, entries) = Salvage(database, child: 3);
        Assert.False(report.IsComplete);
        Assert.Contains(report.Losses, l => l.Contains("found again", StringComparison.Ordinal));
        Assert.Equal(Whole(database), entries);
    }

    [Fact]
    public void The_last_leaf_may_have_held_more_than_was_found()
    {
        var (report, entries) = Salvage(SampleDatabase.Good(Keys), child: -1);
        Assert.False(report.IsComplete);
        Assert.Equal(Whole(SampleDatabase.Good(Keys)), entries);
    }

    [Fact]
    public void A_leaf_that_is_gone_itself_is_a_loss()
    {
        var (report, entries) = Salvage(SampleDatabase.Good(Keys), child: 3, isLeafZeroed: true);
        Assert.False(report.IsComplete);
        Assert.Contains(report.Losses, l => l.Contains("cut off the revisions from", StringComparison.Ordinal));
        Assert.InRange(entries.Count, Keys - 20, Keys - 5);
    }

    private static List<string> Whole(SampleDatabase database)
    {
        var scene = new SalvageScene().Database(database.ToImage()).Log(new WalSample().Snapshot(99));
        Assert.True(scene.Salvage().IsComplete);
        return scene.Entries();
    }

    private static (SalvageReport Report, List<string> Entries) Salvage(
        SampleDatabase database, int child, bool isLeafZeroed = false)
    {
        var image = database.ToImage();
        var branch = Enumerable.Range(2, (image.Length / PageBytes) - 2).Select(p => p * PageBytes).First(IsBranch);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(branch + 10));
        Assert.True(count > 10);
        var pointer = image.AsSpan(branch + PageHeader.SizeBytes + ((child < 0 ? count + child : child) * 16) + 8, 8);
        if (isLeafZeroed)
        {
            image.AsSpan((int)BinaryPrimitives.ReadUInt64LittleEndian(pointer) * PageBytes, PageBytes).Clear();
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(pointer, 1);
        }

        var scene = new SalvageScene().Database(image).Log(new WalSample().Snapshot(99));
        var report = scene.Salvage();
        return (report, scene.Entries(isWhole: !isLeafZeroed));

        bool IsBranch(int page) => BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(page + 8)) == 1
            && BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(page + 10)) > 2;
    }
}
