using Salvor.Formats.Protobuf;
using Salvor.Formats.Raft;

namespace Salvor.Formats.RaftWal;

/// <summary>A place in the log for which a raft snapshot exists.</summary>
/// <param name="Index">The last entry that the snapshot includes; 0 for the log's beginning.</param>
/// <param name="Term">The term of that entry.</param>
/// <param name="ConfState">The members at that place; null where it was not written (etcd 3.4, and the log's
/// beginning).</param>
public sealed record WalSnapshot(ulong Index, ulong Term, ConfState? ConfState)
{
    public static bool TryParse(ReadOnlySpan<byte> message, out WalSnapshot snapshot)
    {
        ulong index = 0, term = 0;
        ConfState? confState = null;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out index),
                (2, WireType.Varint) => reader.TryReadVarint(out term),
                (3, WireType.Bytes) => TryReadConfState(ref reader, out confState),
                (1 or 2 or 3, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        snapshot = new WalSnapshot(index, term, confState);
        return !reader.IsMalformed;
    }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Index);
        writer.Varint(2, Term);
        if (ConfState is not null)
        {
            writer.Bytes(3, ConfState.Encode());
        }
    }

    private static bool TryReadConfState(ref ProtoReader reader, out ConfState? confState)
    {
        confState = null;
        return reader.TryReadBytes(out var bytes) && (ConfState.TryParse(bytes, out confState) || reader.Fail());
    }
}
