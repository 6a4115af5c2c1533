namespace Salvor.IntegrationTests.Salvage;

/// <summary>A record of a raft log, as a decoder of the tests' own tells it.</summary>
/// <param name="Start">Where its length field begins.</param>
/// <param name="PayloadEnd">Where its payload ends, and its padding begins.</param>
/// <param name="End">Where the next record begins.</param>
/// <param name="Kind">1 metadata, 2 entry, 3 state, 4 crc, 5 snapshot.</param>
/// <param name="Index">The raft index of an entry; 0 for other kinds.</param>
public sealed record LogRecord(int Start, int PayloadEnd, int End, int Kind, ulong Index)
{
    public const int HeaderBytes = 8;

    public int PayloadStart => Start + HeaderBytes;

    public bool IsEntry => Kind == 2;

    /// <summary>Whether the payload is, byte for byte, in a changed copy of the file.</summary>
    public bool SurvivesIn(byte[] changed, byte[] original) => PayloadEnd <= changed.Length
        && changed.AsSpan(PayloadStart..PayloadEnd).SequenceEqual(original.AsSpan(PayloadStart..PayloadEnd));
}
