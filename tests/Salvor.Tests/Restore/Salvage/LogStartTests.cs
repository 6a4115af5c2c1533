using System.Globalization;
using Salvor.Errors;
using Salvor.Formats.Raft;
using Salvor.Tests.Etcd.Replay;
using Salvor.Tests.RaftWal;

namespace Salvor.Tests.Restore.Salvage;

/// <summary>
/// A restored member's log begins on top of data that it does not tell of: only a raft snapshot from before the first
/// request says so, and where that may be lost, the log alone is no keyspace.
/// </summary>
public sealed class LogStartTests
{
    private const ulong Member = 5;

    [Fact]
    public void A_log_from_the_first_entry_on_tells_everything()
    {
        var scene = new SalvageScene().Log(Joined().Entry(2, Request.Put("a", "1")));
        Assert.True(scene.Salvage().IsComplete);
        Assert.Equal(["2 a"], scene.Entries());
    }

    [Fact]
    public void A_log_that_a_restore_began_is_refused_without_its_database() =>
        Refuse(new SalvageScene().Log(Restored()));

    [Fact]
    public void A_raft_snapshot_from_before_the_first_request_is_enough_to_refuse_it()
    {
        var log = Joined().Entry(2, Request.Put("a", "1"));
        Refuse(new SalvageScene().Log(log).Snap(index: 1, Member));
        Assert.True(new SalvageScene().Log(log).Snap(index: 2, Member).Salvage().IsComplete);
    }

    [Fact]
    public void Damage_anywhere_before_the_first_request_may_have_been_the_raft_snapshot()
    {
        var whole = Restored();
        var file = whole.Files[0];
        var first = (int)whole.Places[2].Offset;
        for (var offset = 8; offset < first; offset++)
        {
            var damaged = file.ToArray();
            damaged[offset] ^= 0x55;
            Refuse(new SalvageScene().Log(damaged), offset);
        }
    }

    [Fact]
    public void Damage_behind_the_first_request_costs_only_what_follows_it()
    {
        var log = Joined();
        for (var index = 2UL; index <= 9; index++)
        {
            log.Entry(index, Request.Put("k", "v"));
        }

        var file = log.Files[0];
        file[log.Places[6].Offset + 30] ^= 0x55;
        var report = new SalvageScene().Log(file).Salvage();
        Assert.False(report.IsComplete);
        Assert.Equal(5UL, report.RaftIndex);
    }

    private static void Refuse(SalvageScene scene, int? damagedAt = null)
    {
        try
        {
            var report = scene.Salvage();
            Assert.Fail(string.Create(CultureInfo.InvariantCulture,
                $"damaged at {damagedAt}: made from {report.PutTogetherFrom}, complete: {report.IsComplete}"));
        }
        catch (SalvorException e)
        {
            Assert.Equal(ErrorCode.Corrupt, e.Code);
        }
    }

    private static WalSample Joined() =>
        new WalSample().MemberChange(1, new ConfChange(0, ConfChangeKind.AddVoter, Member, default))
            .State(new HardState(1, Member, 1));

    private static WalSample Restored() => Joined().Snapshot(1)
        .Entry(2, Request.Put("a", "1")).Entry(3, Request.Put("b", "2")).State(new HardState(1, Member, 3));
}
