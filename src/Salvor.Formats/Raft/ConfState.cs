using System.Buffers;
using System.Collections.Immutable;
using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Raft;

/// <summary>Who votes, who only learns, and whether a change of that is under way.</summary>
/// <remarks>
/// Fields 1 voters, 2 learners, 3 voters of the outgoing configuration, 4 learners next: repeated and unpacked (packed
/// is read
/// too). Field 5 auto-leave: always written.
/// </remarks>
public sealed record ConfState
{
    /// <summary>A hostile message must not make a list much larger than itself.</summary>
    private const int MembersMax = 4096;

    public ImmutableArray<ulong> Voters { get; init; } = [];

    public ImmutableArray<ulong> Learners { get; init; } = [];

    public ImmutableArray<ulong> VotersOutgoing { get; init; } = [];

    public ImmutableArray<ulong> LearnersNext { get; init; } = [];

    public bool AutoLeave { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> message, out ConfState state)
    {
        var lists = new List<ulong>?[4];
        ulong autoLeave = 0;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1 or 2 or 3 or 4, WireType.Varint) => TryAddOne(ref reader, lists[number - 1] ??= []),
                (1 or 2 or 3 or 4, WireType.Bytes) => TryAddPacked(ref reader, lists[number - 1] ??= []),
                (5, WireType.Varint) => reader.TryReadVarint(out autoLeave),
                (1 or 2 or 3 or 4 or 5, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        state = new ConfState
        {
            Voters = [.. lists[0] ?? []],
            Learners = [.. lists[1] ?? []],
            VotersOutgoing = [.. lists[2] ?? []],
            LearnersNext = [.. lists[3] ?? []],
            AutoLeave = autoLeave != 0,
        };
        return !reader.IsMalformed;
    }

    public void WriteTo(ProtoWriter writer)
    {
        WriteAll(writer, 1, Voters);
        WriteAll(writer, 2, Learners);
        WriteAll(writer, 3, VotersOutgoing);
        WriteAll(writer, 4, LearnersNext);
        writer.Varint(5, AutoLeave ? 1UL : 0UL);
    }

    internal byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteTo(new ProtoWriter(buffer));
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAll(ProtoWriter writer, int number, ImmutableArray<ulong> members)
    {
        foreach (var member in members)
        {
            writer.Varint(number, member);
        }
    }

    private static bool TryAddOne(ref ProtoReader reader, List<ulong> list)
    {
        if (!reader.TryReadVarint(out var member) || list.Count >= MembersMax)
        {
            return reader.Fail();
        }

        list.Add(member);
        return true;
    }

    private static bool TryAddPacked(ref ProtoReader reader, List<ulong> list)
    {
        if (!reader.TryReadBytes(out var packed))
        {
            return false;
        }

        var inner = new ProtoReader(packed);
        for (var left = packed.Length; left > 0;)
        {
            if (!inner.TryReadVarint(out var member) || list.Count >= MembersMax)
            {
                return reader.Fail();
            }

            list.Add(member);
            left -= VarintBytes(member);
        }

        return true;
    }

    private static int VarintBytes(ulong value) =>
        value == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(value)) / 7;
}
