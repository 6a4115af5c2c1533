using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>
/// A database that does not say up to where the log is in it: nothing of the log may be applied again.
/// </summary>
public sealed class AppliedIndexTests
{
    /// <summary>Zero bytes where the index should be, by their number: none at all for -1.</summary>
    public static TheoryData<int> Lengths => [-1, 0, 4, 8, 9];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_log_is_not_applied_to_a_database_without_an_applied_index(int length)
    {
        var whole = new SalvageScene().Database(SampleDatabase.Good().ToImage()).Log(new WalSample().Snapshot(99));
        Assert.True(whole.Salvage().IsComplete);

        var scene = new SalvageScene().Database(WithIndex(SampleDatabase.Good(), length)).Log(Puts(from: 2, to: 9));
        var report = scene.Salvage();
        Assert.False(report.IsComplete);
        Assert.Contains(report.Findings.Kept, f => f.Code == "meta.index");
        Assert.Contains(report.Losses, l => l.Contains("bucket meta", StringComparison.Ordinal));
        Assert.Equal(whole.WholeEntries(), scene.WholeEntries());
        Assert.Null(report.Replayed);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_log_that_tells_everything_is_applied_once(int length)
    {
        var database = new SampleDatabase();
        database.Put(2, "/1", "v");
        database.Put(3, "/2", "v");
        var scene = new SalvageScene().Database(WithIndex(database, length)).Log(Puts(from: 1, to: 3));
        var report = scene.Salvage();
        Assert.True(report.IsComplete, string.Join(' ', report.Losses));
        Assert.Equal(["2 /1", "3 /2", "4 /3"], scene.Entries());
    }

    [Fact]
    public void A_database_without_an_entry_may_be_without_an_applied_index()
    {
        var empty = new SampleDatabase();
        empty.AddLease(7, ttlSeconds: 60);
        var report = new SalvageScene().Database(empty.ToImage()).Log(Puts(from: 1, to: 3)).Salvage();
        Assert.DoesNotContain(report.Findings.Kept, f => f.Code == "meta.index");
    }

    private static byte[] WithIndex(SampleDatabase database, int length)
    {
        database.Add("meta", "term", SampleDatabase.BigEndian(3));
        database.Remove("meta", "consistent_index");
        if (length >= 0)
        {
            database.Add("meta", "consistent_index", new byte[length]);
        }

        return database.ToImage();
    }

    private static WalSample Puts(ulong from, ulong to)
    {
        var log = new WalSample();
        for (var index = from; index <= to; index++)
        {
            log.Entry(index, Request.Put($"/{index}", "v"));
        }

        return log;
    }
}
