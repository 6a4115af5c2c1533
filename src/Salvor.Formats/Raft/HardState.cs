using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Raft;

/// <summary>What a raft node must remember over a restart.</summary>
/// <param name="Term">The newest term that it has seen.</param>
/// <param name="Vote">The member that it voted for in that term; 0 for none.</param>
/// <param name="Commit">The highest index that it knew to be committed. etcd does not sync a change of this alone, so
/// it may lag.</param>
public readonly record struct HardState(ulong Term, ulong Vote, ulong Commit)
{
    public static bool TryParse(ReadOnlySpan<byte> message, out HardState state)
    {
        ulong term = 0, vote = 0, commit = 0;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out term),
                (2, WireType.Varint) => reader.TryReadVarint(out vote),
                (3, WireType.Varint) => reader.TryReadVarint(out commit),
                (1 or 2 or 3, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        state = new HardState(term, vote, commit);
        return !reader.IsMalformed;
    }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Term);
        writer.Varint(2, Vote);
        writer.Varint(3, Commit);
    }
}
