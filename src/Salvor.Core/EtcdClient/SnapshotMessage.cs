using System.Buffers;
using Grpc.Core;
using Salvor.Formats.Protobuf;

namespace Salvor.EtcdClient;

/// <summary>
/// SnapshotResponse (1 header, 2 remaining_bytes, 3 blob, 4 version), read by hand into one reused buffer.
/// </summary>
/// <remarks>
/// The generated message would allocate and copy every one of the stream's thousands of 32 KiB blobs.
/// </remarks>
internal sealed class SnapshotMessage
{
    /// <summary>An exabyte: no database has it, and sums with it don't overflow.</summary>
    private const ulong MaxRemainingBytes = 1UL << 60;

    private byte[] _buffer = new byte[64 << 10];
    private int _lengthBytes;

    public ReadOnlyMemory<byte> Blob => _buffer.AsMemory(0, _lengthBytes);

    public long RemainingBytes { get; private set; }

    public bool IsMalformed { get; private set; }

    /// <summary>The call, whose answers all land in this object.</summary>
    public Method<byte[], SnapshotMessage> Method() => new(
        MethodType.ServerStreaming,
        "etcdserverpb.Maintenance",
        "Snapshot",
        Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes),
        Marshallers.Create<SnapshotMessage>((_, _) => throw new NotSupportedException(), Read));

    private SnapshotMessage Read(DeserializationContext context)
    {
        var payload = context.PayloadAsReadOnlySequence();
        Read(payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray());
        return this;
    }

    private void Read(ReadOnlySpan<byte> message)
    {
        _lengthBytes = 0;
        RemainingBytes = 0;
        var reader = new ProtoReader(message);
        while (reader.TryReadField(out var number, out var type))
        {
            switch (number, type)
            {
                case (2, WireType.Varint) when reader.TryReadVarint(out var remaining):
                    RemainingBytes = (long)Math.Min(remaining, MaxRemainingBytes);
                    break;
                case (3, WireType.Bytes) when reader.TryReadBytes(out var blob):
                    Keep(blob);
                    break;
                default:
                    reader.TrySkip(type);
                    break;
            }
        }

        IsMalformed = reader.IsMalformed;
    }

    private void Keep(ReadOnlySpan<byte> blob)
    {
        if (blob.Length > _buffer.Length)
        {
            _buffer = new byte[blob.Length];
        }

        blob.CopyTo(_buffer);
        _lengthBytes = blob.Length;
    }
}
