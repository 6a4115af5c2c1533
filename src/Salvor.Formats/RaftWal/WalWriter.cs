using System.Buffers;
using System.Buffers.Binary;
using Salvor.Formats.Checksums;
using Salvor.Formats.Protobuf;
using Salvor.Formats.Raft;

namespace Salvor.Formats.RaftWal;

/// <summary>Writes records with etcd's framing and running sum; preallocated space is the caller's business.</summary>
/// <remarks>A segment begins with <see cref="WriteCrc"/>, then <see cref="WriteMetadata"/>.</remarks>
public sealed class WalWriter(IBufferWriter<byte> output)
{
    private readonly ArrayBufferWriter<byte> _data = new();
    private readonly ArrayBufferWriter<byte> _payload = new();

    /// <summary>The sum over everything written; a following segment's crc record holds it.</summary>
    public uint RunningCrc { get; private set; }

    /// <summary>
    /// Begins a segment: <paramref name="crc"/> is the sum at the end of the one before, 0 in the first.
    /// </summary>
    public void WriteCrc(uint crc)
    {
        RunningCrc = crc;
        Frame(WalRecordKind.Crc, hasData: false);
    }

    public void WriteMetadata(WalMetadata metadata)
    {
        metadata.WriteTo(Begin());
        Append(WalRecordKind.Metadata);
    }

    public void WriteEntry(Entry entry)
    {
        entry.WriteTo(Begin());
        Append(WalRecordKind.Entry);
    }

    public void WriteState(HardState state)
    {
        state.WriteTo(Begin());
        Append(WalRecordKind.State);
    }

    public void WriteSnapshot(WalSnapshot snapshot)
    {
        snapshot.WriteTo(Begin());
        Append(WalRecordKind.Snapshot);
    }

    private ProtoWriter Begin()
    {
        _data.ResetWrittenCount();
        return new ProtoWriter(_data);
    }

    private void Append(WalRecordKind kind)
    {
        RunningCrc = Crc32C.Append(RunningCrc, _data.WrittenSpan);
        Frame(kind, hasData: true);
    }

    private void Frame(WalRecordKind kind, bool hasData)
    {
        _payload.ResetWrittenCount();
        var writer = new ProtoWriter(_payload);
        writer.Varint(1, (ulong)kind);
        writer.Varint(2, RunningCrc);
        if (hasData)
        {
            writer.Bytes(3, _data.WrittenSpan);
        }

        var length = _payload.WrittenCount;
        var padding = (8 - (length % 8)) % 8;
        var word = (ulong)(uint)length | (padding == 0 ? 0UL : (0x80UL | (ulong)(uint)padding) << 56);
        var frame = output.GetSpan(WalFrame.HeaderBytes + length + padding);
        BinaryPrimitives.WriteUInt64LittleEndian(frame, word);
        _payload.WrittenSpan.CopyTo(frame[WalFrame.HeaderBytes..]);
        frame.Slice(WalFrame.HeaderBytes + length, padding).Clear();
        output.Advance(WalFrame.HeaderBytes + length + padding);
    }
}
