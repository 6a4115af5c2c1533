namespace Salvor.Compare.Streaming;

/// <summary>When the stream said that everything up to a revision is stored, in ticks of the monotonic clock.</summary>
public readonly record struct StoredMark(long Revision, long Timestamp);
