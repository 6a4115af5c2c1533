using Google.Protobuf;

namespace Salvor.EtcdClient;

/// <summary>Which keys a call is about: from <see cref="Start"/> on, below <see cref="End"/>.</summary>
public readonly record struct KeyRange
{
    private static readonly byte[] Zero = [0];

    private KeyRange(ReadOnlyMemory<byte> start, ReadOnlyMemory<byte> end)
    {
        Start = start;
        End = end;
    }

    /// <summary>Every key.</summary>
    public static KeyRange All { get; } = new(Zero, Zero);

    public ReadOnlyMemory<byte> Start { get; }

    /// <summary>
    /// The first key that is out; empty means <see cref="Start"/> alone, a single zero byte means no end.
    /// </summary>
    public ReadOnlyMemory<byte> End { get; }

    internal ByteString StartBytes => UnsafeByteOperations.UnsafeWrap(Start);

    internal ByteString EndBytes => UnsafeByteOperations.UnsafeWrap(End);

    public static KeyRange Key(ReadOnlyMemory<byte> key) => new(key, default);

    public static KeyRange Between(ReadOnlyMemory<byte> start, ReadOnlyMemory<byte> end) => new(start, end);

    public static KeyRange From(ReadOnlyMemory<byte> start) => new(start, Zero);

    public static KeyRange Prefix(ReadOnlyMemory<byte> prefix)
    {
        if (prefix.IsEmpty)
        {
            return All;
        }

        // The first key above the prefix: its last byte that can grow, grown by one.
        var end = prefix.ToArray();
        var last = Array.FindLastIndex(end, b => b < 0xFF);
        if (last < 0)
        {
            return From(prefix);
        }

        end[last]++;
        return new KeyRange(prefix, end.AsMemory(0, last + 1));
    }
}
