using Salvor.Errors;
using Salvor.Restore.Salvage;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>
/// A snapshot counts as the log's own only by proof: by the log's requests, or by a database that can be read.
/// </summary>
public sealed class KinshipTests
{
    private const int PageBytes = 4096;

    private static readonly RestoredHistory History = new(seed: 1, changes: 60);
    private static readonly RestoredHistory Other = new(seed: 2, changes: 60);

    [Theory]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(61)]
    public void A_request_of_the_log_proves_a_snapshot_without_a_database(int taken)
    {
        var scene = new SalvageScene().Log(History.Log()).Base(History.At((ulong)taken).ToSnapshot());
        ShouldBeWhole(scene, scene.Salvage());
    }

    [Fact]
    public void A_snapshot_from_right_after_the_restore_is_proven_by_a_database_that_can_be_read()
    {
        var scene = new SalvageScene().Database(Damaged(History.At(61))).Log(History.Log())
            .Base(History.At(1).ToSnapshot());
        var report = scene.Salvage();
        Assert.Equal("the snapshot, and the log after it", report.PutTogetherFrom);
        ShouldBeWhole(scene, report);
    }

    [Fact]
    public void A_snapshot_from_right_after_the_restore_is_not_proven_without_a_database() =>
        Refuse(new SalvageScene().Log(History.Log()).Base(History.At(1).ToSnapshot()), "no request up to entry 1");

    [Fact]
    public void A_database_that_does_not_reach_as_far_proves_nothing() =>
        Refuse(new SalvageScene().Database(Damaged(History.At(1))).Log(History.Log())
            .Base(Other.At(30).ToSnapshot()), "no request up to entry 30");

    [Fact]
    public void A_database_that_lost_what_the_snapshot_ends_with_proves_nothing()
    {
        var database = WithoutFirstChanges(History.At(61));
        Refuse(new SalvageScene().Database(database).Log(History.Log()).Base(Other.At(5).ToSnapshot()),
            "no request up to entry 5");

        var own = new SalvageScene().Database(database).Log(History.Log()).Base(History.At(5).ToSnapshot());
        ShouldBeWhole(own, own.Salvage());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_snapshot_of_another_life_of_the_same_member_is_refused(bool hasDatabase)
    {
        var scene = new SalvageScene().Log(History.Log()).Base(Other.At(30).ToSnapshot());
        if (hasDatabase)
        {
            scene.Database(Damaged(History.At(61)));
        }

        Refuse(scene, hasDatabase ? "it holds other changes than the damaged database" : "no request up to entry 30");
    }

    [Fact]
    public void A_snapshot_that_is_ahead_of_the_log_is_refused()
    {
        var longer = new RestoredHistory(seed: 1, changes: 80);
        Refuse(new SalvageScene().Log(History.Log()).Base(longer.At(70).ToSnapshot()), "the log ends at 61");
    }

    [Fact]
    public void A_snapshot_without_the_logs_member_is_refused() =>
        Refuse(new SalvageScene().Log(History.Log()).Base(SampleDatabase.Good().ToSnapshot()), "does not know member");

    /// <summary>Zeroes a leaf of the base's entries, from before the restore: no log tells them.</summary>
    private static byte[] Damaged(SampleDatabase database)
    {
        var image = database.ToImage();
        var needle = "/base/020"u8;
        var page = image.AsSpan().IndexOf(needle) / PageBytes;
        Assert.True(page > 1);
        image.AsSpan(page * PageBytes, PageBytes).Clear();
        return image;
    }

    /// <summary>Zeroes all leaves that hold changes but the last: what is left is as new as before.</summary>
    private static byte[] WithoutFirstChanges(SampleDatabase database)
    {
        var image = database.ToImage();
        var changed = Enumerable.Range(2, (image.Length / PageBytes) - 2)
            .Where(p => image.AsSpan(p * PageBytes, PageBytes).IndexOf("/changed/"u8) >= 0)
            .ToList();
        Assert.True(changed.Count > 2);
        changed[..^1].ForEach(p => image.AsSpan(p * PageBytes, PageBytes).Clear());
        return image;
    }

    private static void ShouldBeWhole(SalvageScene scene, SalvageReport report)
    {
        Assert.True(report.IsComplete, string.Join(' ', report.Losses));
        Assert.Equal(History.LastIndex, report.RaftIndex);
        Assert.Equal(History.EntriesAt(History.LastIndex), scene.WholeEntries());
    }

    private static void Refuse(SalvageScene scene, string why)
    {
        var error = Assert.Throws<SalvorException>(() => scene.Salvage());
        Assert.Equal(ErrorCode.WrongKind, error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Null(scene.Files.Stat("/target/member"));
    }
}
