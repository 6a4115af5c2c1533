using System.Buffers.Binary;

namespace Salvor.Formats.Protobuf;

/// <summary>Reads protobuf fields from a span, never past its end and never allocating.</summary>
/// <remarks>
/// A malformed message makes <see cref="TryReadField"/> or a value read return false and leaves <see
/// cref="IsMalformed"/>
/// set: a caller loops while fields come and asks once, at the end, whether it saw the whole message.
/// Groups are refused: nothing that etcd writes has one.
/// </remarks>
public ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Whether a rule of the encoding was broken so far.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>How much of the message has not been read.</summary>
    public readonly int RemainingBytes => _rest.Length;

    /// <summary>Moves to the next field.</summary>
    /// <returns>False at the end of the message, and at the first broken rule.</returns>
    public bool TryReadField(out int number, out WireType type)
    {
        number = 0;
        type = default;
        if (_rest.IsEmpty || IsMalformed)
        {
            return false;
        }

        if (!TryReadVarint(out var tag))
        {
            return false;
        }

        type = (WireType)(tag & 7);
        var fieldNumber = tag >> 3;
        if (fieldNumber is 0 or > 0x1FFF_FFFF
            || type is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32))
        {
            return Fail();
        }

        number = (int)fieldNumber;
        return true;
    }

    public bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_rest.IsEmpty)
            {
                return Fail();
            }

            var b = _rest[0];
            _rest = _rest[1..];
            value |= unchecked((ulong)(b & 0x7F) << shift);
            if (b < 0x80)
            {
                // The tenth byte holds the 64th bit alone.
                return shift < 63 || b <= 1 || Fail();
            }
        }

        return Fail();
    }

    public bool TryReadBytes(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadVarint(out var length))
        {
            return false;
        }

        if (length > (ulong)_rest.Length)
        {
            return Fail();
        }

        value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    public bool TryReadFixed64(out ulong value)
    {
        value = 0;
        if (_rest.Length < sizeof(ulong))
        {
            return Fail();
        }

        value = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _rest = _rest[sizeof(ulong)..];
        return true;
    }

    public bool TryReadFixed32(out uint value)
    {
        value = 0;
        if (_rest.Length < sizeof(uint))
        {
            return Fail();
        }

        value = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        _rest = _rest[sizeof(uint)..];
        return true;
    }

    /// <summary>Passes over the payload of a field that the caller does not know.</summary>
    public bool TrySkip(WireType type) => type switch
    {
        WireType.Varint => TryReadVarint(out _),
        WireType.Fixed64 => TryReadFixed64(out _),
        WireType.Bytes => TryReadBytes(out _),
        WireType.Fixed32 => TryReadFixed32(out _),
        _ => Fail(),
    };

    /// <summary>Marks the message as malformed, for a rule that only the caller knows.</summary>
    /// <returns>Always false.</returns>
    public bool Fail()
    {
        IsMalformed = true;
        return false;
    }
}
