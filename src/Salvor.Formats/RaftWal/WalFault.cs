namespace Salvor.Formats.RaftWal;

/// <summary>Why no record could be read at a place in a segment.</summary>
public enum WalFault
{
    /// <summary>There is a record, and its sum is right.</summary>
    None,

    /// <summary>The segment's data ends here: a zero length field (preallocated space), or the file's end.</summary>
    EndOfData,

    /// <summary>The frame reaches beyond the end of the file.</summary>
    FrameBeyondEnd,

    /// <summary>The frame's bytes are no record.</summary>
    Malformed,

    /// <summary>The running sum does not match.</summary>
    CrcMismatch,

    /// <summary>A crc record does not hold the sum at which the segment before ended.</summary>
    ChainBreak,
}
