using Salvor.Formats.Protobuf;

namespace Salvor.Formats.RaftWal;

/// <summary>Whose log this is.</summary>
/// <param name="MemberId">The member that wrote it.</param>
/// <param name="ClusterId">The cluster of that member.</param>
public readonly record struct WalMetadata(ulong MemberId, ulong ClusterId)
{
    public static bool TryParse(ReadOnlySpan<byte> message, out WalMetadata metadata)
    {
        ulong member = 0, cluster = 0;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            _ = (number, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out member),
                (2, WireType.Varint) => reader.TryReadVarint(out cluster),
                (1 or 2, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        metadata = new WalMetadata(member, cluster);
        return !reader.IsMalformed;
    }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, MemberId);
        writer.Varint(2, ClusterId);
    }
}
