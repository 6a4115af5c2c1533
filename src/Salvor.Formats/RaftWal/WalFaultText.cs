namespace Salvor.Formats.RaftWal;

/// <summary>The faults in words.</summary>
internal static class WalFaultText
{
    /// <summary>The fault as a sentence of its own.</summary>
    public static string Sentence(WalFault fault)
    {
        var text = Describe(fault);
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
    }

    public static string Describe(WalFault fault) => fault switch
    {
        WalFault.FrameBeyondEnd => "a WAL record reaches beyond the end of the file",
        WalFault.Malformed => "the bytes are no WAL record",
        WalFault.CrcMismatch => "a WAL record's checksum does not match",
        WalFault.ChainBreak => "the segment's first checksum is not the one at which the segment before it ended",
        WalFault.EndOfData => "the WAL ends",
        _ => "nothing is wrong",
    };
}
