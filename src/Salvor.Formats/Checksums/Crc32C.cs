using System.Buffers.Binary;
using System.Numerics;

namespace Salvor.Formats.Checksums;

/// <summary>CRC-32C (Castagnoli) with the usual inversion before and after, chained by its final value.</summary>
/// <remarks>
/// etcd uses it for the WAL's running sum, for snap files, HashKV and <c>snapshot status</c>. "123456789" gives
/// 0xE3069283.
/// </remarks>
public static class Crc32C
{
    /// <summary>
    /// The sum of everything summed up in <paramref name="crc"/> (0 for nothing) followed by <paramref name="data"/>.
    /// </summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var state = ~crc;
        while (data.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var b in data)
        {
            state = BitOperations.Crc32C(state, b);
        }

        return ~state;
    }
}
