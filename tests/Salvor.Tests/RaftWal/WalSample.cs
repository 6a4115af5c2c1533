using System.Buffers;
using System.Text;
using Salvor.Formats.Bytes;
using Salvor.Formats.Raft;
using Salvor.Formats.RaftWal;

namespace Salvor.Tests.RaftWal;

/// <summary>Makes small WALs: a chain over one or more segments, with entries of chosen sizes.</summary>
internal sealed class WalSample
{
    public static readonly WalMetadata Owner = new(0x7efb3d9893ad500c, 0xdc77ec01c1842c6c);

    private readonly List<(WalFileName Name, ArrayBufferWriter<byte> Bytes)> _segments = [];
    private WalWriter _writer = null!;
    private uint _crc;

    public WalSample(WalMetadata? owner = null) => Cut(0, owner);

    public List<byte[]> Files => [.. _segments.Select(s => s.Bytes.WrittenSpan.ToArray())];

    /// <summary>Offset at which each entry's frame begins, by index, with its segment.</summary>
    public Dictionary<ulong, WalPosition> Places { get; } = [];

    public static WalSample WithEntries(int count, int dataBytes = 40)
    {
        var sample = new WalSample();
        for (var i = 1; i <= count; i++)
        {
            sample.Entry((ulong)i, Fill(i, dataBytes));
        }

        return sample.State(new HardState(1, Owner.MemberId, (ulong)count));
    }

    public static byte[] Fill(int seed, int bytes)
    {
        var data = new byte[bytes];
        for (var i = 0; i < bytes; i++)
        {
            data[i] = (byte)(1 + ((seed + (i * 7)) % 255)); // Never zero: zeros mean a torn write.
        }

        return data;
    }

    public static IReadOnlyList<WalSegment> Segments(IReadOnlyList<byte[]> files) =>
        [.. files.Select((f, i) =>
            new WalSegment(new WalFileName((ulong)i, 0), new MemoryByteSource($"segment {i}", f)))];

    public WalSample Cut(ulong index, WalMetadata? owner = null)
    {
        _crc = _writer?.RunningCrc ?? 0;
        var bytes = new ArrayBufferWriter<byte>();
        _segments.Add((new WalFileName((ulong)_segments.Count, index), bytes));
        _writer = new WalWriter(bytes);
        _writer.WriteCrc(_crc);
        _writer.WriteMetadata(owner ?? Owner);
        if (_segments.Count == 1)
        {
            _writer.WriteSnapshot(new WalSnapshot(0, 0, null));
        }

        return this;
    }

    public WalSample Entry(ulong index, byte[] data, ulong term = 1)
    {
        Places[index] = new WalPosition(_segments.Count - 1, _segments[^1].Bytes.WrittenCount);
        _writer.WriteEntry(new Entry(EntryKind.Normal, term, index, data));
        return this;
    }

    public WalSample Entry(ulong index, string data) => Entry(index, Encoding.UTF8.GetBytes(data));

    public WalSample MemberChange(ulong index, ConfChange change)
    {
        var data = new ArrayBufferWriter<byte>();
        change.WriteTo(new Formats.Protobuf.ProtoWriter(data));
        _writer.WriteEntry(new Entry(EntryKind.ConfChange, 1, index, data.WrittenSpan));
        return this;
    }

    public WalSample Snapshot(ulong index, ulong term = 1)
    {
        _writer.WriteSnapshot(new WalSnapshot(index, term, null));
        return this;
    }

    public WalSample State(HardState state)
    {
        _writer.WriteState(state);
        return this;
    }
}
