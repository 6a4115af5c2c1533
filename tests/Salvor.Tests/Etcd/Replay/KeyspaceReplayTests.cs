using System.Text;
using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Replay;
using Salvor.Formats.Etcd.Requests;

namespace Salvor.Tests.Etcd.Replay;

public sealed class KeyspaceReplayTests
{
    [Fact]
    public void Puts_and_deletes_number_revisions_as_etcd_does()
    {
        var run = new ReplayRun().Apply(
            Request.Put("a", "1"), Request.Put("a", "2"), Request.Delete("nothing"), Request.Delete("a"),
                Request.Put("a", "3"));
        Assert.Equal("2.0 a=1 c2 m2 v1 l0\n3.0 a=2 c2 m3 v2 l0\n4.0t a= c0 m0 v0 l0\n5.0 a=3 c5 m5 v1 l0",
            run.Store.Show());
        Assert.Equal((5, 1), (run.Replay.HeadRevision, run.Replay.Counts.WithoutEffect));
    }

    [Fact]
    public void A_range_delete_is_one_revision_in_byte_order()
    {
        var run = new ReplayRun().Apply(
            Request.Put("b", "1"), Request.Put("a", "1"), Request.Put("c", "1"), Request.Put("ab", "1"),
                Request.Delete("a", "c"), Request.Delete("a", "\0"));
        Assert.EndsWith("6.0t a= c0 m0 v0 l0\n6.1t ab= c0 m0 v0 l0\n6.2t b= c0 m0 v0 l0\n7.0t c= c0 m0 v0 l0",
            run.Store.Show(), StringComparison.Ordinal);
    }

    [Fact]
    public void Compares_of_nested_transactions_see_the_state_before_the_outer_one()
    {
        var inner = Request.TxnBody(
            [Request.CompareBody(CompareTarget.Version, CompareResult.Equal, "a", 0L)],
            [(RequestOpKind.Put, Request.PutBody("was", "absent"))],
            [(RequestOpKind.Put, Request.PutBody("was", "there"))]);
        var outer =
            Request.TxnBody([], [(RequestOpKind.Put, Request.PutBody("a", "1")), (RequestOpKind.Txn, inner)], []);
        var run = new ReplayRun().Apply(Request.Txn(outer));
        Assert.Equal("2.0 a=1 c2 m2 v1 l0\n2.1 was=absent c2 m2 v1 l0", run.Store.Show());
    }

    [Fact]
    public void One_refused_put_refuses_the_whole_transaction()
    {
        var txn = Request.TxnBody(
            [], [(RequestOpKind.Put, Request.PutBody("a", "1")),
                (RequestOpKind.Put, Request.PutBody("b", "1", lease: 77))], []);
        var run = new ReplayRun().Apply(Request.Txn(txn), Request.Put("c", "1"));
        Assert.Equal("2.0 c=1 c2 m2 v1 l0", run.Store.Show());
        Assert.Equal(1, run.Replay.Counts.RefusedByReason[ReplayRefusal.LeaseNotFound]);
    }

    [Fact]
    public void A_transaction_that_reads_a_revision_of_the_future_does_nothing()
    {
        var txn = Request.TxnBody([],
            [(RequestOpKind.Put, Request.PutBody("a", "1")), (RequestOpKind.Range, Request.RangeBody("a", 99))], []);
        var run = new ReplayRun().Apply(Request.Txn(txn));
        Assert.Empty(run.Store.New);
        Assert.Equal(1, run.Replay.Counts.RefusedByReason[ReplayRefusal.FutureRevision]);
    }

    [Fact]
    public void A_missing_key_compares_as_zero_but_has_no_value()
    {
        foreach (var (compare, holds) in new (byte[], bool)[]
        {
            (Request.CompareBody(CompareTarget.ModRevision, CompareResult.Equal, "x", 0L), true),
            (Request.CompareBody(CompareTarget.Lease, CompareResult.Less, "x", 1L), true),
            (Request.CompareBody(CompareTarget.Value, CompareResult.Equal, "x", ""), false),
            (Request.CompareBody(CompareTarget.Value, CompareResult.NotEqual, "x", "y"), false),
            (Request.CompareBody(CompareTarget.Version, CompareResult.Greater, "x", 0L, "z"), false),
        })
        {
            var txn = Request.TxnBody([compare], [(RequestOpKind.Put, Request.PutBody("r", "yes"))],
                [(RequestOpKind.Put, Request.PutBody("r", "no"))]);
            var run = new ReplayRun().Apply(Request.Txn(txn));
            Assert.Contains(holds ? "r=yes" : "r=no", run.Store.Show(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_revoked_lease_takes_its_keys_in_one_revision()
    {
        var run = new ReplayRun().Apply(
            Request.Grant(7, 1), Request.Grant(7, 60), Request.Put("b", "1", lease: 7), Request.Put("a", "1", lease: 7),
            Request.Put("c", "1", lease: 7), Request.Put("c", "2"), Request.Put("a", "2", ignoreLease: true),
                Request.Revoke(7), Request.Revoke(7));
        Assert.EndsWith("6.0 a=2 c3 m6 v2 l7\n7.0t a= c0 m0 v0 l0\n7.1t b= c0 m0 v0 l0", run.Store.Show(),
            StringComparison.Ordinal);
        Assert.Empty(run.Replay.Leases);
        Assert.Equal(2, run.Replay.Counts.Refused);
    }

    [Fact]
    public void A_short_lease_lives_as_long_as_the_server_lets_it_at_least()
    {
        var run = new ReplayRun().Apply(Request.Grant(7, 1));
        Assert.Equal([new LeaseRecord(7, 2, 0)], run.Replay.Leases);
    }

    [Fact]
    public void Without_space_only_what_frees_some_is_let_in()
    {
        var nested = Request.TxnBody([], [(RequestOpKind.Put, Request.PutBody("n", "1"))], []);
        var run = new ReplayRun().Apply(
            Request.Put("a", "1"), Request.Alarm(AlarmAction.Activate, 5, 1), Request.Put("b", "1"),
                Request.Grant(1, 60),
            Request.Txn(Request.TxnBody([], [(RequestOpKind.DeleteRange, Request.DeleteBody("a", null))],
                [(RequestOpKind.Put, Request.PutBody("x", "1"))])),
            Request.Delete("a"), Request.Txn(Request.TxnBody([], [(RequestOpKind.Txn, nested)], [])),
            Request.Alarm(AlarmAction.Deactivate, 5, 1), Request.Put("b", "1"));
        Assert.Equal("2.0 a=1 c2 m2 v1 l0\n3.0t a= c0 m0 v0 l0\n4.0 n=1 c4 m4 v1 l0\n5.0 b=1 c5 m5 v1 l0",
            run.Store.Show());
        Assert.Equal(3, run.Replay.Counts.RefusedByReason[ReplayRefusal.NoSpaceAlarm]);
    }

    [Fact]
    public void With_the_corrupt_alarm_nothing_changes()
    {
        var run = new ReplayRun().Apply(Request.Put("a", "1"), Request.Alarm(AlarmAction.Activate, 5, 2),
            Request.Delete("a"), Request.Compact(2));
        Assert.Single(run.Store.New);
        Assert.Equal([new AlarmRecord(new MemberId(5), AlarmKind.Corrupt)], run.Replay.Alarms);
    }

    [Fact]
    public void A_compaction_goes_forward_only_and_never_ahead()
    {
        var run = new ReplayRun().Apply(Request.Put("a", "1"), Request.Put("a", "2"), Request.Compact(3),
            Request.Compact(2), Request.Compact(9));
        Assert.Equal(3, run.Replay.CompactRevision);
        Assert.Equal(1, run.Replay.Counts.RefusedByReason[ReplayRefusal.Compacted]);
        Assert.Equal(1, run.Replay.Counts.RefusedByReason[ReplayRefusal.FutureRevision]);
    }

    [Fact]
    public void A_kept_value_comes_from_the_base_or_stops_the_replay()
    {
        var run = new ReplayRun();
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        new KeyValue { Key = "a"u8, CreateRevision = 4, ModRevision = 5, Version = 2, Value = "old"u8 }.Write(buffer);
        run.Store.Base[new Revision(5, 0)] = buffer.WrittenSpan.ToArray();
        run.Replay.LoadBase(9, new BackendMeta { ConsistentIndex = 20, Term = 3 }, isAuthEnabled: false);
        run.Replay.LoadKey("a"u8.ToArray(),
            new KeyState { Last = new Revision(5, 0), CreateRevision = 4, Version = 2, IsLive = true });
        run.Replay.LoadKey("lost"u8.ToArray(),
            new KeyState { Last = new Revision(6, 0), CreateRevision = 6, Version = 1, IsLive = true });
        run.Apply(Request.Put("a", "", ignoreValue: true));
        Assert.Equal("10.0 a=old c4 m10 v3 l0", run.Store.Show());
        Assert.Equal(ReplayStop.BaseValueLost, run.TryApply(Request.Put("lost", "", ignoreValue: true)));
        Assert.Equal((21UL, 10L), (run.Replay.ConsistentIndex, run.Replay.HeadRevision));
    }

    [Fact]
    public void Authentication_is_refused_never_guessed()
    {
        var run = new ReplayRun().Apply(Request.Put("a", "1"));
        Assert.Equal(ReplayStop.AuthChanged, run.TryApply(Request.Empty(RaftRequestKind.AuthUserAdd)));
        Assert.Equal(ReplayStop.AuthChanged, run.TryApply(Request.Empty(RaftRequestKind.AuthEnable)));
        run.Replay.LoadBase(2, new BackendMeta { ConsistentIndex = 1 }, isAuthEnabled: true);
        Assert.Equal(ReplayStop.AuthEnabled, run.TryApply(Request.Put("a", "1")));
        Assert.Equal(ReplayStop.None, run.TryApply(Request.Empty(RaftRequestKind.Authenticate)));
    }

    [Fact]
    public void A_version_two_request_and_junk_are_told_apart()
    {
        var v2 = new List<byte> { 0x08, 0x01, 0x12, 0x03 };
        v2.AddRange("PUT"u8);
        v2.AddRange([0x1A, 0x0A]);
        v2.AddRange(Encoding.UTF8.GetBytes("/0/version"));
        var run = new ReplayRun().Apply([.. v2]);
        Assert.Equal(ReplayStop.MalformedRequest, run.TryApply([0x22, 0x7F]));
        Assert.Equal(ReplayStop.UnknownRequest, run.TryApply([0x08, 0x01]));
    }

    [Fact]
    public void The_hex_of_a_real_put_is_understood()
    {
        var run = new ReplayRun().Apply(Convert.FromHexString("22060a01611201" + "31" + "a2060a0884d8dbdbaec0a8f525"));
        Assert.Equal("2.0 a=1 c2 m2 v1 l0", run.Store.Show());
    }
}
