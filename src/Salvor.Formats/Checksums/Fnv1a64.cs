namespace Salvor.Formats.Checksums;

/// <summary>FNV-1a, 64 bits: the checksum of a bbolt meta page.</summary>
public static class Fnv1a64
{
    private const ulong OffsetBasis = 0xCBF2_9CE4_8422_2325;
    private const ulong Prime = 0x0000_0100_0000_01B3;

    public static ulong Compute(ReadOnlySpan<byte> data)
    {
        var hash = OffsetBasis;
        foreach (var b in data)
        {
            hash = unchecked((hash ^ b) * Prime);
        }

        return hash;
    }
}
