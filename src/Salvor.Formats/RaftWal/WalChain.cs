using Salvor.Formats.Checksums;

namespace Salvor.Formats.RaftWal;

/// <summary>Reads a record at a place and checks it against the running sum.</summary>
/// <remarks>
/// running = CRC-32C over the data of every record so far, except crc records: those re-seed it, and must agree with it
/// unless it is 0 (nothing read yet). Kind and framing are not covered by the sum.
/// </remarks>
internal static class WalChain
{
    public static WalFault TryRead(WalFrameReader reader, long offset, ref uint running, out WalFrame frame,
        out WalRecord record)
    {
        record = default;
        var fault = reader.TryReadAt(offset, out frame);
        if (fault != WalFault.None)
        {
            return fault;
        }

        return WalRecord.TryParse(frame.Payload, out record) ? Advance(record, ref running) : WalFault.Malformed;
    }

    /// <summary>Moves the sum over a record; it stays as it was where the record does not fit.</summary>
    public static WalFault Advance(WalRecord record, ref uint running)
    {
        if (record.Kind == WalRecordKind.Crc)
        {
            if (running != 0 && running != record.Crc)
            {
                return WalFault.ChainBreak;
            }

            running = record.Crc;
            return WalFault.None;
        }

        var sum = Crc32C.Append(running, record.Data);
        if (sum != record.Crc)
        {
            return WalFault.CrcMismatch;
        }

        running = sum;
        return WalFault.None;
    }
}
