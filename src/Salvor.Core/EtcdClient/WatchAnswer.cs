using System.Buffers;
using Grpc.Core;
using Salvor.EtcdClient.Protos;
using Salvor.Formats.Protobuf;

namespace Salvor.EtcdClient;

/// <summary>
/// One answer of a watch (1 header, 2 watch_id, 3 created, 4 canceled, 5 compact_revision, 6 cancel_reason,
/// 7 fragment, 11 events), read by hand out of a pooled buffer.
/// </summary>
/// <remarks>
/// A generated message would make four objects and a copy of every value. Here events are read where they lie. An
/// instance holds the newest answer only: what was read from it is valid until the next one is asked for.
/// </remarks>
public sealed class WatchAnswer
{
    private byte[] _buffer = [];
    private int _lengthBytes;

    public ulong ClusterId { get; private set; }

    public ulong MemberId { get; private set; }

    /// <summary>The store's revision when the answer was made.</summary>
    public long Revision { get; private set; }

    public ulong RaftTerm { get; private set; }

    public bool IsCreated { get; private set; }

    public bool IsCancelled { get; private set; }

    /// <summary>The oldest revision that etcd still has, where the watch asked for an older one; else 0.</summary>
    public long CompactRevision { get; private set; }

    public string CancelReason { get; private set; } = "";

    /// <summary>Whether more of the same batch follows; a revision may be split between the two.</summary>
    public bool IsFragment { get; private set; }

    public bool HasEvents { get; private set; }

    public bool IsMalformed { get; private set; }

    public int SizeBytes => _lengthBytes;

    /// <summary>The call, whose answers all land in this object.</summary>
    internal Method<WatchRequest, WatchAnswer> Method() => new(
        MethodType.DuplexStreaming,
        "etcdserverpb.Watch",
        "Watch",
        Marshallers.Create<WatchRequest>(Google.Protobuf.MessageExtensions.ToByteArray, Parse),
        Marshallers.Create<WatchAnswer>((_, _) => throw new NotSupportedException(), Read));

    /// <summary>The next event at or after an offset into the answer, which moves behind it.</summary>
    /// <returns>False after the last one, or at bytes that are no event: see <see cref="IsMalformed"/>.</returns>
    public bool TryReadEvent(ref int offset, out WatchEvent found)
    {
        found = default;
        var rest = _buffer.AsSpan(0, _lengthBytes)[offset..];
        var reader = new ProtoReader(rest);
        while (reader.TryReadField(out var number, out var type))
        {
            if (number != 11 || type != WireType.Bytes)
            {
                reader.TrySkip(type);
                continue;
            }

            if (reader.TryReadBytes(out var message) && WatchEvent.TryRead(message, out found))
            {
                offset = _lengthBytes - reader.RemainingBytes;
                return true;
            }

            IsMalformed = true;
            break;
        }

        offset = _lengthBytes;
        IsMalformed |= reader.IsMalformed;
        return false;
    }

    /// <summary>Takes over an answer as it came.</summary>
    public void Read(ReadOnlySequence<byte> message)
    {
        Rent(checked((int)message.Length));
        message.CopyTo(_buffer);
        ReadFields();
    }

    private static WatchRequest Parse(byte[] bytes) => WatchRequest.Parser.ParseFrom(bytes);

    private WatchAnswer Read(DeserializationContext context)
    {
        Read(context.PayloadAsReadOnlySequence());
        return this;
    }

    private void ReadFields()
    {
        (ClusterId, MemberId, Revision, RaftTerm, CompactRevision) = (0, 0, 0, 0, 0);
        (IsCreated, IsCancelled, IsFragment, HasEvents, CancelReason) = (false, false, false, false, "");
        var reader = new ProtoReader(_buffer.AsSpan(0, _lengthBytes));
        while (reader.TryReadField(out var number, out var type))
        {
            ulong value = 0;
            ReadOnlySpan<byte> bytes = default;
            if (type == WireType.Varint ? !reader.TryReadVarint(out value)
                : type == WireType.Bytes ? !reader.TryReadBytes(out bytes) : !reader.TrySkip(type))
            {
                break;
            }

            switch (number, type)
            {
                case (1, WireType.Bytes):
                    ReadHeader(bytes);
                    break;
                case (3, WireType.Varint):
                    IsCreated = value != 0;
                    break;
                case (4, WireType.Varint):
                    IsCancelled = value != 0;
                    break;
                case (5, WireType.Varint):
                    CompactRevision = unchecked((long)value);
                    break;
                case (6, WireType.Bytes):
                    CancelReason = System.Text.Encoding.UTF8.GetString(bytes);
                    break;
                case (7, WireType.Varint):
                    IsFragment = value != 0;
                    break;
                case (11, WireType.Bytes):
                    HasEvents = true;
                    break;
                default:
                    break;
            }
        }

        IsMalformed = reader.IsMalformed;
    }

    private void ReadHeader(ReadOnlySpan<byte> header)
    {
        var reader = new ProtoReader(header);
        while (reader.TryReadField(out var number, out var type))
        {
            if (type != WireType.Varint || !reader.TryReadVarint(out var value))
            {
                reader.TrySkip(type);
                continue;
            }

            switch (number)
            {
                case 1:
                    ClusterId = value;
                    break;
                case 2:
                    MemberId = value;
                    break;
                case 3:
                    Revision = unchecked((long)value);
                    break;
                case 4:
                    RaftTerm = value;
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>A buffer of the size that is needed, so that one huge answer does not stay in memory.</summary>
    private void Rent(int lengthBytes)
    {
        if (_buffer.Length < lengthBytes || _buffer.Length / 8 > lengthBytes)
        {
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }

            _buffer = ArrayPool<byte>.Shared.Rent(lengthBytes);
        }

        _lengthBytes = lengthBytes;
    }
}
