using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Salvor.Formats.Etcd;
using Salvor.Tests.Support;

namespace Salvor.Tests.Etcd;

/// <summary>Records of the backend, written and read back.</summary>
public sealed class RecordTests
{
    [Fact]
    public void Revisions_are_read_back_and_sort_as_bytes()
    {
        Prop.ForAll<Numbers>(numbers =>
        {
            var (main, sub, other, _) = numbers;
            var isTombstone = other % 2 == 0;
            var key =
                new RevisionKey(new Revision(Math.Max(1, main & long.MaxValue), sub & long.MaxValue), isTombstone);
            var after = new RevisionKey(new Revision(Math.Max(1, other & long.MaxValue), 0), false);
            Assert.True(RevisionKey.TryRead(Bytes(key), out var read));
            Assert.Equal(key, read);
            var order = key.Revision.CompareTo(after.Revision);
            Assert.True(order == 0 || Math.Sign(Bytes(key).AsSpan().SequenceCompareTo(Bytes(after))) == order);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000005f0000000000000000")] // Revision 0.
    [InlineData("ffffffffffffffff5f0000000000000000")]
    [InlineData("00000000000000015fffffffffffffffff")]
    [InlineData("0000000000000001600000000000000000")]
    [InlineData("00000000000000015f000000000000000000")] // A mark that is no 't'.
    [InlineData("00000000000000015f000000000000000074f0")]
    public void Bytes_that_are_no_revision_are_refused(string hex) =>
        Assert.False(RevisionKey.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void Key_values_are_read_back()
    {
        Prop.ForAll<byte[], byte[], Numbers>((key, value, numbers) =>
        {
            var (create, version, lease, _) = numbers;
            var written = Encode(w => new KeyValue
            {
                Key = key,
                CreateRevision = create,
                ModRevision = unchecked(create + 1),
                Version = version,
                Value = value,
                Lease = lease,
            }.Write(w));
            Assert.True(KeyValue.TryRead(written, out var read));
            Assert.True(read.Key.SequenceEqual(key) && read.Value.SequenceEqual(value));
            Assert.Equal((create, unchecked(create + 1), version, lease),
                (read.CreateRevision, read.ModRevision, read.Version, read.Lease));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Key_value_has_the_bytes_that_etcd_writes()
    {
        // The transaction's put of "a" in the fixture: created at 2, changed at 7, version 3.
        var written = Encode(w =>
            new KeyValue { Key = "a"u8, CreateRevision = 2, ModRevision = 7, Version = 3, Value = "txn"u8 }.Write(w));

        Assert.Equal("0a0161100218072003" + "2a0374786e", Convert.ToHexStringLower(written));
        Assert.Contains(Convert.ToHexStringLower(written), Convert.ToHexStringLower(EtcdFixture.All[1].Snapshot),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Leases_and_alarms_are_read_back()
    {
        Prop.ForAll<Numbers>(numbers =>
        {
            var (id, ttl, remaining, member) = numbers;
            var lease = new LeaseRecord(id, ttl, remaining);
            var key = new byte[LeaseRecord.KeyBytes];
            lease.WriteKey(key);
            Assert.True(LeaseRecord.TryRead(key, Encode(lease.WriteValue), out var read));
            Assert.Equal(lease, read);
            var alarm = new AlarmRecord(new MemberId(member), AlarmKind.Corrupt);
            Assert.True(AlarmRecord.TryRead(Encode(alarm.Write), out var readAlarm));
            Assert.Equal(alarm, readAlarm);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lease_under_another_id_is_refused() =>
        Assert.False(LeaseRecord.TryRead("\0\0\0\0\0\0\0\x01"u8, Encode(new LeaseRecord(2, 60, 0).WriteValue), out _));

    [Fact]
    public void Members_are_written_as_etcd_writes_them()
    {
        var member = new MemberRecord(new MemberId(12428976124636271536), ["http://127.0.0.1:2380"])
        {
            IsLearner = true,
            Name = "n1",
            ClientUrls = ["http://127.0.0.1:2379"],
        };

        var json = System.Text.Encoding.UTF8.GetString(member.ToJson());

        Assert.Equal(
            """{"id":12428976124636271536,"peerURLs":["http://127.0.0.1:2380"],"isLearner":true,""" + "\""
            + """name":"n1","clientURLs":["http://127.0.0.1:2379"]}""", json);
        Assert.Equal(member.Name, MemberRecord.TryRead(member.ToJson())!.Name);
        Assert.Equal("2e9b10fabc16da7", new MemberId(0x2e9b10fabc16da7).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":-1}""")]
    [InlineData("""{"id":"7"}""")]
    [InlineData("""{"id":18446744073709551616}""")]
    [InlineData("""{"id":7""")]
    public void Json_that_is_no_member_is_refused(string json) =>
        Assert.Null(MemberRecord.TryRead(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Meta_entries_are_taken_in_and_malformed_ones_refused()
    {
        var meta = new BackendMeta();
        Assert.True(meta.TryAdd(MetaKeys.ConsistentIndex, "\0\0\0\0\0\0\0\x13"u8, out meta));
        Assert.True(meta.TryAdd(MetaKeys.Term, "\0\0\0\0\0\0\0\x02"u8, out meta));
        Assert.True(meta.TryAdd(MetaKeys.ScheduledCompactRevision, Bytes(new RevisionKey(new Revision(9, 0), false)),
            out meta));
        Assert.True(
            meta.TryAdd(MetaKeys.FinishedCompactRevision, Bytes(new RevisionKey(new Revision(5, 0), false)), out meta));
        Assert.True(meta.TryAdd("unknown"u8, "x"u8, out meta));

        Assert.Equal((19UL, 2UL, 9L, 5L, true),
            (meta.ConsistentIndex, meta.Term!.Value, meta.ScheduledCompactRevision, meta.FinishedCompactRevision,
                meta.IsCompacting));
        Assert.False(meta.TryAdd(MetaKeys.Term, "\0"u8, out _));
        Assert.False(meta.TryAdd(MetaKeys.ConsistentIndex, new byte[9], out _));
        Assert.False(meta.TryAdd(MetaKeys.FinishedCompactRevision, "x"u8, out _));
        Assert.False(
            meta.TryAdd(MetaKeys.ScheduledCompactRevision, Bytes(new RevisionKey(new Revision(9, 0), true)), out _));
    }

    internal sealed record Numbers(long First, long Second, long Third, ulong Fourth);

    private static byte[] Bytes(RevisionKey key)
    {
        var bytes = new byte[key.SizeBytes];
        key.Write(bytes);
        return bytes;
    }

    private static byte[] Encode(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
