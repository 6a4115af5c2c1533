using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Raft;

/// <summary>A change of the cluster's members, as an entry's data.</summary>
/// <remarks>Fields 1 id, 2 kind, 3 member: written even when zero. Field 4 context: the member as JSON.</remarks>
public readonly ref struct ConfChange(ulong id, ConfChangeKind kind, ulong memberId, ReadOnlySpan<byte> context)
{
    public ulong Id { get; } = id;

    public ConfChangeKind Kind { get; } = kind;

    public ulong MemberId { get; } = memberId;

    public ReadOnlySpan<byte> Context { get; } = context;

    public static bool TryParse(ReadOnlySpan<byte> message, out ConfChange change)
    {
        change = default;
        ulong id = 0, kind = 0, member = 0;
        ReadOnlySpan<byte> context = default;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out id),
                (2, WireType.Varint) => reader.TryReadVarint(out kind),
                (3, WireType.Varint) => reader.TryReadVarint(out member),
                (4, WireType.Bytes) => reader.TryReadBytes(out context),
                (1 or 2 or 3 or 4, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        if (reader.IsMalformed || kind > (ulong)ConfChangeKind.AddLearner)
        {
            return false;
        }

        change = new ConfChange(id, (ConfChangeKind)kind, member, context);
        return true;
    }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Id);
        writer.Varint(2, (ulong)Kind);
        writer.Varint(3, MemberId);
        writer.BytesUnlessEmpty(4, Context);
    }
}
