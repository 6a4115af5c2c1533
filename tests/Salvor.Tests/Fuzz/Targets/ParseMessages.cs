using System.Buffers;
using Salvor.Formats.Etcd;
using Salvor.Formats.Etcd.Requests;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;
using Salvor.Tests.Etcd.Replay;

namespace Salvor.Tests.Fuzz.Targets;

/// <summary>Every message of etcd's, read as what it is and as all others; requests are applied too.</summary>
internal sealed class ParseMessages : FuzzTarget
{
    private static readonly byte[] LongestVarint = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1];

    public override IReadOnlyList<byte[]> Words =>
        [LongestVarint, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1], [0x0A, 0], [0x08, 0],
            [0x12, 0x7F], [0x0B], [0x0D], [0x09]];

    public override int AllocatedPerInputByte => 256;

    public override void Run(IReadOnlyList<byte[]> files, Random random)
    {
        var bytes = files[0];
        ReadRecords(bytes);
        var run = new ReplayRun();
        run.Replay.LoadBase(headRevision: long.MaxValue - random.Next(3),
            new BackendMeta { ConsistentIndex = ulong.MaxValue - 5 }, isAuthEnabled: false);
        run.Replay.LoadLease(new LeaseRecord(7, 60, 0));
        run.Replay.LoadKey("a"u8.ToArray(),
            new KeyState { Last = new Revision(2, 0), Version = long.MaxValue, IsLive = true, Lease = 7 });
        run.Store.Base[new Revision(2, 0)] = [10, 1, (byte)'a', 42, 1, (byte)'v'];
        for (var i = 0; i < 8; i++)
        {
            _ = run.Replay.Apply(new Entry(EntryKind.Normal, 1, unchecked(ulong.MaxValue - 4 + (ulong)i), bytes));
        }
    }

    /// <summary>Nothing may come out of a parser but yes or no.</summary>
    public override bool IsAllowed(Exception e) => false;

    protected override IReadOnlyList<Sample> MakeSamples()
    {
        var samples = LogSamples.Requests.Select((r, i) => new Sample($"request {i}", r)).ToList();
        samples.Add(new Sample("key value", Encode(w => new KeyValue
        {
            Key = "a"u8,
            CreateRevision = 2,
            ModRevision = 3,
            Version = 2,
            Value = "v"u8,
            Lease = 7
        }.Write(w))));
        samples.Add(new Sample("lease", Encode(new LeaseRecord(7, 60, 30).WriteValue)));
        samples.Add(new Sample("alarm", Encode(new AlarmRecord(new MemberId(5), AlarmKind.NoSpace).Write)));
        samples.Add(new Sample("conf change",
            Encode(w => new ConfChange(1, ConfChangeKind.AddVoter, 5, "{\"id\":5}"u8).WriteTo(new(w)))));
        samples.Add(
            new Sample("conf state", Encode(w => new ConfState { Voters = [1, 2], Learners = [3] }.WriteTo(new(w)))));
        return samples;
    }

    private static void ReadRecords(ReadOnlySpan<byte> bytes)
    {
        _ = KeyValue.TryRead(bytes, out _);
        _ = LeaseRecord.TryRead("12345678"u8, bytes, out _);
        _ = AlarmRecord.TryRead(bytes, out _);
        _ = RevisionKey.TryRead(bytes, out _);
        _ = WalRecord.TryParse(bytes, out _);
        _ = WalMetadata.TryParse(bytes, out _);
        _ = WalSnapshot.TryParse(bytes, out _);
        _ = HardState.TryParse(bytes, out _);
        _ = Entry.TryParse(bytes, out _);
        _ = ConfChange.TryParse(bytes, out _);
        _ = ConfState.TryParse(bytes, out _);
        _ = SnapshotMetadata.TryParse(bytes, out _);
        _ = TxnRequest.TryParse(bytes, out _);
        _ = Compare.TryParse(bytes, out _);
        foreach (
            var name in (string[])["consistent_index", "term", "confState", "scheduledCompactRev", "storageVersion"])
        {
            _ = new BackendMeta().TryAdd(System.Text.Encoding.ASCII.GetBytes(name), bytes, out _);
        }
    }

    private static byte[] Encode(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
