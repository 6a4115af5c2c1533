using System.Buffers;
using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd;

/// <summary>A key of the <c>alarm</c> bucket: etcdserverpb.AlarmMember; the value is empty.</summary>
public readonly record struct AlarmRecord(MemberId Member, AlarmKind Kind)
{
    public static bool TryRead(ReadOnlySpan<byte> key, out AlarmRecord alarm)
    {
        ulong member = 0, kind = 0;
        var reader = new ProtoReader(key);
        while (reader.TryReadField(out var field, out var type))
        {
            _ = (field, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out member),
                (2, WireType.Varint) => reader.TryReadVarint(out kind),
                _ => reader.TrySkip(type),
            };
        }

        alarm = new AlarmRecord(new MemberId(member), kind <= 2 ? (AlarmKind)kind : AlarmKind.None);
        return !reader.IsMalformed && kind <= 2;
    }

    public void Write(IBufferWriter<byte> output)
    {
        var writer = new ProtoWriter(output);
        writer.VarintUnlessZero(1, Member.Value);
        writer.VarintUnlessZero(2, (ulong)Kind);
    }
}
