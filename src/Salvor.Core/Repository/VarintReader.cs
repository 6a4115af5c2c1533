using Salvor.Formats;

namespace Salvor.Repository;

/// <summary>Reads variable-length numbers, each with the bound that it must keep.</summary>
internal ref struct VarintReader(string source, ReadOnlySpan<byte> bytes, long offset)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[_position..];

    public ulong Read(ulong max, string what)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position == _bytes.Length)
            {
                throw Corrupt($"it ends within a number ({what})");
            }

            var part = _bytes[_position++];
            if (shift == 63 && part > 1)
            {
                break;
            }

            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value <= max ? value : throw Corrupt($"{what}: {value} is above {max}");
            }
        }

        throw Corrupt($"a number ({what}) is too long");
    }

    /// <summary>Takes bytes whose length was read before.</summary>
    public ReadOnlySpan<byte> Take(int length, string what)
    {
        if (length > _bytes.Length - _position)
        {
            throw Corrupt($"{what}: {length} bytes are announced, and {_bytes.Length - _position} are left");
        }

        var taken = _bytes.Slice(_position, length);
        _position += length;
        return taken;
    }

    public readonly CorruptDataException Corrupt(string fault) => new(source, offset, fault);
}
