using System.Buffers;
using Salvor.Backup.Streaming;
using Salvor.Errors;
using Salvor.EtcdClient;
using Salvor.Formats.Etcd;
using Salvor.Formats.Protobuf;
using Salvor.Repository.Log;

namespace Salvor.Tests.Backup.Streaming;

/// <summary>An etcd by the plainest means: a list of revisions, and watches that read it.</summary>
internal sealed class ModelEtcd(Random random, TimeProvider time) : IChangeSource
{
    private readonly List<List<(ChangeKind Kind, byte[] Message, byte[] Stored)>> _revisions = [];
    private readonly List<ModelFeed> _feeds = [];

    public SegmentOrigin Origin { get; set; } = new(0xC1, 0xE1, 100, 2);

    /// <summary>Revision 1 is the empty store, as in etcd.</summary>
    public long Head => _revisions.Count + 1;

    public long CompactRevision { get; private set; }

    public bool IsDown { get; private set; }

    public int Opened { get; private set; }

    /// <summary>How many events an answer may have before it is cut into fragments.</summary>
    public int FragmentEvents { get; init; } = 3;

    /// <summary>Makes a revision of one to five changes.</summary>
    public void Write(int valueBytes = 20)
    {
        var revision = Head + 1;
        var changes = new List<(ChangeKind, byte[], byte[])>();
        for (var left = random.Next(6) == 0 ? random.Next(1, 6) : 1; left > 0; left--)
        {
            var key = new byte[] { (byte)'k', (byte)random.Next(256), (byte)left };
            changes.Add(random.Next(4) == 0
                ? (ChangeKind.Delete, Encode(key, revision, 0, [], 0), Encode(key, 0, 0, [], 0))
                : Put(key, revision, RandomBytes(valueBytes)));
        }

        _revisions.Add(changes);
        Origin = Origin with { RaftIndex = Origin.RaftIndex + 1 };
        _feeds.ForEach(f => f.Wake());
    }

    /// <summary>What the log must hold for a revision.</summary>
    public IEnumerable<string> Stored(long revision) =>
        _revisions[(int)(revision - 2)].Select(c => $"{c.Kind} {Convert.ToHexString(c.Stored)}");

    public void Compact(long revision) => CompactRevision = Math.Max(CompactRevision, revision);

    public void GoDown()
    {
        IsDown = true;
        _feeds.ToList().ForEach(f => f.Break(Unreachable()));
    }

    public void ComeBack() => IsDown = false;

    /// <summary>Breaks the watches, which may be opened again at once.</summary>
    public void BreakWatches() => _feeds.ToList().ForEach(f => f.Break(Unreachable()));

    /// <summary>The past comes back from a disk image, and other things happen from there.</summary>
    public void RollBack(long toRevision) => _revisions.RemoveRange((int)toRevision - 1, (int)(Head - toRevision));

    public async Task<SourceState> AskAsync(CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), time, ct);
        return IsDown ? throw Unreachable() : new SourceState(Origin, Head);
    }

    public async Task<IChangeFeed> OpenAsync(long fromRevision, CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), time, ct);
        if (IsDown)
        {
            throw Unreachable();
        }

        Opened++;
        var feed = new ModelFeed(this, Math.Max(2, fromRevision), fromRevision < CompactRevision);
        _feeds.Add(feed);
        return feed;
    }

    public async Task<long> LeaseSecondsAsync(long leaseId, CancellationToken ct)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(1), time, ct);
        return leaseId == 99 ? 0 : leaseId * 10;
    }

    public void Forget(ModelFeed feed) => _feeds.Remove(feed);

    /// <summary>The next answer for a watch: up to ten revisions, cut where an answer is full.</summary>
    public WatchAnswer Answer(ref long next, ref int skip)
    {
        var message = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(message);
        var header = new ArrayBufferWriter<byte>();
        var headerWriter = new ProtoWriter(header);
        headerWriter.Varint(1, Origin.ClusterId);
        headerWriter.Varint(2, Origin.MemberId);
        headerWriter.Varint(3, (ulong)Head);
        writer.Bytes(1, header.WrittenSpan);
        var events = new List<byte[]>();
        var isCut = false;
        for (var taken = 0; next <= Head && taken < 10 && !isCut; taken++)
        {
            var changes = _revisions[(int)(next - 2)];
            for (; skip < changes.Count && !isCut; isCut = skip < changes.Count && events.Count >= FragmentEvents)
            {
                events.Add(Event(changes[skip++]));
            }

            if (skip == changes.Count)
            {
                (next, skip) = (next + 1, 0);
            }
        }

        writer.VarintUnlessZero(7, isCut ? 1UL : 0);
        events.ForEach(e => writer.Bytes(11, e));
        return Read(message);
    }

    public static WatchAnswer Compacted(long revision)
    {
        var message = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(message);
        writer.Varint(4, 1);
        writer.Varint(5, (ulong)revision);
        return Read(message);
    }

    private static WatchAnswer Read(ArrayBufferWriter<byte> message)
    {
        var answer = new WatchAnswer();
        answer.Read(new ReadOnlySequence<byte>(message.WrittenMemory));
        Assert.False(answer.IsMalformed);
        return answer;
    }

    private static byte[] Event((ChangeKind Kind, byte[] Message, byte[] Stored) change)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ProtoWriter(output);
        writer.VarintUnlessZero(1, (ulong)change.Kind);
        writer.Bytes(2, change.Message);
        return output.WrittenSpan.ToArray();
    }

    private (ChangeKind, byte[], byte[]) Put(byte[] key, long revision, byte[] value)
    {
        var lease = random.Next(5) == 0 ? random.Next(1, 100) : 0;
        var bytes = Encode(key, revision, revision, value, lease);
        return (ChangeKind.Put, bytes, bytes);
    }

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Encode(byte[] key, long mod, long create, byte[] value, long lease)
    {
        var output = new ArrayBufferWriter<byte>();
        new KeyValue
        {
            Key = key,
            CreateRevision = create,
            ModRevision = mod,
            Version = create == 0 ? 0 : 1,
            Value = value,
            Lease = lease,
        }.Write(output);
        return output.WrittenSpan.ToArray();
    }

    private static SalvorException Unreachable() =>
        new(ErrorCode.EtcdUnreachable, "The model of etcd is down.") { IsTransient = true };
}
