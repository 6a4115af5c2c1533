namespace Salvor.Formats.RaftWal;

/// <summary>Tells a write that a crash cut short from bytes that rotted.</summary>
/// <remarks>
/// Disks write sectors of 512 bytes whole, and a segment's space is zero before it is used. So if any sector's share of
/// a bad record is all zeros, that sector was never written: the record was never acknowledged, and etcd truncates it
/// away. etcd asks this only of the last segment, and so do we. It looks at the padding too; but padding is zeros by
/// nature, so a sector that holds nothing else proves nothing, and a salvage leaves it out.
/// </remarks>
public static class TornWrite
{
    private const int SectorBytes = 512;

    /// <param name="body">The bad frame's payload; for what etcd itself would decide, with its padding.</param>
    /// <param name="offset">Where the body begins in its file.</param>
    public static bool Explains(ReadOnlySpan<byte> body, long offset)
    {
        while (!body.IsEmpty)
        {
            var share = (int)Math.Min(SectorBytes - (offset % SectorBytes), body.Length);
            if (!body[..share].ContainsAnyExcept((byte)0))
            {
                return true;
            }

            body = body[share..];
            offset += share;
        }

        return false;
    }
}
