using System.Globalization;
using Salvor.Errors;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;
using Salvor.Tests.Support;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>What the end of a log, or the lack of one, proves about what is lost.</summary>
public sealed class LogEndTests
{
    private static readonly byte[] Database = SampleDatabase.Good().ToImage(); // Up to entry 99.

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Entries_that_several_voters_may_not_have_agreed_on_are_left_out_and_it_is_said()
    {
        var log = new WalSample();
        for (var member = 1UL; member <= 3; member++)
        {
            log.MemberChange(member, new ConfChange(0, ConfChangeKind.AddVoter, member, default));
        }

        var scene = new SalvageScene().Log(Puts(log, 4, 9).State(new HardState(1, 1, 6)));
        var report = scene.Salvage();

        Assert.Equal(6UL, report.RaftIndex);
        Assert.Equal(["2 /4", "3 /5", "4 /6"], scene.Entries());
        Assert.False(report.IsComplete);
        Assert.Contains("Entries 7 to 9", Assert.Single(report.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_voter_commits_all_that_it_wrote()
    {
        var log = new WalSample().MemberChange(1, new ConfChange(0, ConfChangeKind.AddVoter, 1, default));
        var report = new SalvageScene().Log(Puts(log, 2, 9).State(new HardState(1, 1, 6))).Salvage();

        Assert.Equal(9UL, report.RaftIndex);
        Assert.True(report.IsComplete, string.Join(' ', report.Losses));
    }

    [Fact]
    public void A_log_that_ends_where_the_database_does_loses_nothing()
    {
        var report = new SalvageScene().Database(Database).Log(Puts(new WalSample(), 90, 99)).Salvage();
        Assert.True(report.IsComplete, string.Join(' ', report.Losses));
        Assert.Equal(99UL, report.RaftIndex);
    }

    [Fact]
    public void A_raft_snapshot_stands_for_the_entries_before_it()
    {
        var report = new SalvageScene().Database(Database).Log(new WalSample().Snapshot(99)).Salvage();
        Assert.True(report.IsComplete, string.Join(' ', report.Losses));
    }

    [Fact]
    public void A_log_that_ends_before_the_database_has_lost_its_end()
    {
        var report = new SalvageScene().Database(Database).Log(Puts(new WalSample(), 90, 95)).Salvage();
        Assert.False(report.IsComplete);
        Assert.Equal(99UL, report.RaftIndex);
        Assert.Contains("entry 95, the database at 99", Assert.Single(report.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_begins_after_the_database_is_not_applied()
    {
        var report = new SalvageScene().Database(Database).Log(Puts(new WalSample(), 110, 120)).Salvage();
        Assert.False(report.IsComplete);
        Assert.Equal(99UL, report.RaftIndex);
        Assert.Contains("the log begins at entry 110 only", Assert.Single(report.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_the_leader_sent_is_used_where_the_log_begins_after_it()
    {
        var received = SampleDatabase.Good();
        received.Put(45, "/sent", "by the leader");
        received.Add("meta", "consistent_index", SampleDatabase.BigEndian(109));
        var scene = new SalvageScene().Database(Database).Database(received.ToImage(), "000000000000006d.snap.db")
            .Log(Puts(new WalSample(), 90, 99).Snapshot(109).Entry(110, Request.Put("/110", "v")));
        var report = scene.Salvage();
        Assert.True(report.IsComplete, string.Join(' ', report.Losses));
        Assert.Equal(110UL, report.RaftIndex);
        Assert.Equal(["45 /sent", "46 /110"], scene.Entries().TakeLast(2));
    }

    [Theory]
    [InlineData(100, "Entry 100 of the raft log is lost: ")]
    [InlineData(102, "Entries 100 to 102 of the raft log are lost: ")]
    public void What_was_committed_and_is_not_there_is_told(int committed, string sentence)
    {
        var log = Puts(new WalSample(), 90, 99).State(new HardState(1, 1, (ulong)committed));
        var report = new SalvageScene().Database(Database).Log(log).Salvage();
        Assert.False(report.IsComplete);
        Assert.StartsWith(sentence, Assert.Single(report.Losses), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_log_nobody_knows_what_is_missing()
    {
        var report = new SalvageScene().Database(Database).EmptyLogDirectory().Salvage();
        Assert.False(report.IsComplete);
        Assert.Contains("There is no log", Assert.Single(report.Losses), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8192)]
    public void An_empty_segment_is_no_log(int bytes)
    {
        var report = new SalvageScene().Database(Database).Log(new byte[bytes]).Salvage();
        Assert.False(report.IsComplete);
        Assert.Contains(report.Findings.Kept, f => f.Code == WalFindings.SegmentEmpty);
        var nothing = Assert.Throws<SalvorException>(() => new SalvageScene().Log(new byte[bytes]).Salvage());
        Assert.Equal(ErrorCode.Corrupt, nothing.Code);
    }

    [Fact]
    public void An_emptied_last_segment_may_have_held_entries()
    {
        var files = Puts(new WalSample(), 1, 5).Cut(6).Files;
        var report = new SalvageScene().Log(files[0], []).Salvage();
        Assert.Equal(5UL, report.RaftIndex);
        Assert.False(report.IsComplete);
    }

    [Fact]
    public void A_segment_of_another_member_is_not_used()
    {
        var other = new WalMetadata(1, 2);
        var report = new SalvageScene().Log(Puts(Puts(new WalSample(), 1, 5).Cut(6, other), 6, 9)).Salvage();
        Assert.Equal(5UL, report.RaftIndex);
        Assert.False(report.IsComplete);
        Assert.Contains(report.Losses, l => l.Contains("another member", StringComparison.Ordinal));
    }

    [Fact]
    public void A_last_entry_that_is_damaged_before_a_good_record_is_missed()
    {
        var log = Puts(new WalSample(), 1, 5);
        var last = (int)log.Places[5].Offset;
        var bytes = log.State(new HardState(1, 1, 4)).Files[0];
        bytes[last + 30] ^= 1;
        var report = new SalvageScene().Log(bytes).Salvage();
        Assert.Equal(4UL, report.RaftIndex);
        Assert.False(report.IsComplete);
    }

    [Fact]
    public void A_last_entry_whose_length_field_is_zero_is_found_all_the_same()
    {
        var log = Puts(new WalSample(), 1, 5);
        var bytes = log.Files[0];
        bytes.AsSpan((int)log.Places[5].Offset, 8).Clear();
        var report = new SalvageScene().Log(bytes).Salvage();
        Assert.Equal(5UL, report.RaftIndex);
        Assert.True(report.IsComplete, string.Join(' ', report.Losses));
    }

    [Fact]
    public void Padding_alone_in_a_sector_does_not_make_rot_a_torn_write()
    {
        for (var valueBytes = 300; valueBytes < 1400; valueBytes++)
        {
            var log = new WalSample().Entry(1, WalSample.Fill(1, valueBytes));
            var bytes = log.Files[0];
            bytes[(int)log.Places[1].Offset + 60] ^= 1;
            Assert.True(WalScanner.Scan(WalSample.Segments([bytes]), 1, new FindingList(), Cancel).HasCorruptTail);
        }
    }

    private static WalSample Puts(WalSample log, ulong from, ulong to)
    {
        for (var index = from; index <= to; index++)
        {
            log.Entry(index, Request.Put("/" + index.ToString(CultureInfo.InvariantCulture), "v"));
        }

        return log;
    }
}
