namespace Salvor.Formats.RaftWal;

/// <summary>The stable codes of what can be wrong with a WAL.</summary>
public static class WalFindings
{
    public const string CrcMismatch = "wal.record.crc";
    public const string CrcField = "wal.record.crc-field";
    public const string FrameLength = "wal.record.length";
    public const string BadData = "wal.record.data";
    public const string LostBytes = "wal.lost-bytes";
    public const string TornTail = "wal.torn-tail";
    public const string CorruptTail = "wal.corrupt-tail";
    public const string DataAfterEnd = "wal.data-after-end";
    public const string ChainBreak = "wal.chain-break";
    public const string SegmentEmpty = "wal.segment-empty";
    public const string SequenceGap = "wal.sequence-gap";
    public const string MetadataDiffers = "wal.metadata-differs";
    public const string NoMetadata = "wal.no-metadata";
    public const string EntryGap = "wal.entry-gap";
    public const string CommitBeyondLog = "wal.commit-beyond-log";
}
