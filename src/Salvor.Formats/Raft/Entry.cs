using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Raft;

/// <summary>One entry of the raft log, over the bytes that hold it.</summary>
/// <remarks>
/// Fields 1 type, 2 term, 3 index: written even when zero. Field 4 data: absent for a leader's first entry.
/// </remarks>
public readonly ref struct Entry(EntryKind kind, ulong term, ulong index, ReadOnlySpan<byte> data)
{
    public EntryKind Kind { get; } = kind;

    public ulong Term { get; } = term;

    public ulong Index { get; } = index;

    public ReadOnlySpan<byte> Data { get; } = data;

    public static bool TryParse(ReadOnlySpan<byte> message, out Entry entry)
    {
        entry = default;
        ulong kind = 0, term = 0, index = 0;
        ReadOnlySpan<byte> data = default;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out kind),
                (2, WireType.Varint) => reader.TryReadVarint(out term),
                (3, WireType.Varint) => reader.TryReadVarint(out index),
                (4, WireType.Bytes) => reader.TryReadBytes(out data),
                (1 or 2 or 3 or 4, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        if (reader.IsMalformed || kind > (ulong)EntryKind.ConfChangeV2)
        {
            return false;
        }

        entry = new Entry((EntryKind)kind, term, index, data);
        return true;
    }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, (ulong)Kind);
        writer.Varint(2, Term);
        writer.Varint(3, Index);
        writer.BytesUnlessEmpty(4, Data);
    }
}
