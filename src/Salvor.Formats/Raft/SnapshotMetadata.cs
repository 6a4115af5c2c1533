using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Raft;

/// <summary>The place in the log that a raft snapshot stands for.</summary>
/// <param name="ConfState">The members at that place.</param>
/// <param name="Index">The last entry that the snapshot includes.</param>
/// <param name="Term">The term of that entry.</param>
public sealed record SnapshotMetadata(ConfState ConfState, ulong Index, ulong Term)
{
    public static bool TryParse(ReadOnlySpan<byte> message, out SnapshotMetadata metadata)
    {
        ulong index = 0, term = 0;
        ReadOnlySpan<byte> confState = default;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Bytes) => reader.TryReadBytes(out confState),
                (2, WireType.Varint) => reader.TryReadVarint(out index),
                (3, WireType.Varint) => reader.TryReadVarint(out term),
                (1 or 2 or 3, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        var parsed = ConfState.TryParse(confState, out var members);
        metadata = new SnapshotMetadata(members, index, term);
        return parsed && !reader.IsMalformed;
    }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, ConfState.Encode());
        writer.Varint(2, Index);
        writer.Varint(3, Term);
    }
}
