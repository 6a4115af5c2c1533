namespace Salvor.ObjectStore;

/// <summary>A part of an object.</summary>
public readonly record struct ByteRange
{
    /// <param name="offset">The first byte, counted from 0.</param>
    /// <param name="lengthBytes">How many; at least 1.</param>
    public ByteRange(long offset, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfLessThan(lengthBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, long.MaxValue - lengthBytes);
        Offset = offset;
        LengthBytes = lengthBytes;
    }

    public long Offset { get; }

    public int LengthBytes { get; }

    /// <summary>How many of its bytes an object of this length has.</summary>
    public int ClampTo(long objectLengthBytes) => (int)Math.Clamp(objectLengthBytes - Offset, 0, LengthBytes);
}
