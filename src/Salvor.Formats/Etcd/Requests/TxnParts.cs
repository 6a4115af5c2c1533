using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>Walks the repeated parts of a transaction: its compares, or the operations of one branch.</summary>
public ref struct TxnParts(ReadOnlySpan<byte> body, int field)
{
    private ProtoReader _reader = new(body);

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly TxnParts GetEnumerator() => this;

    public bool MoveNext()
    {
        while (_reader.TryReadField(out var number, out var type))
        {
            if (number == field && type == WireType.Bytes)
            {
                var found = _reader.TryReadBytes(out var part);
                Current = part;
                return found;
            }

            _reader.TrySkip(type);
        }

        return false;
    }
}
