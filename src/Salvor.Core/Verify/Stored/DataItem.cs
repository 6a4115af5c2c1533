using Salvor.Repository.Log;

namespace Salvor.Verify.Stored;

/// <summary>An object to read from end to end: a pack, or a segment.</summary>
internal sealed record DataItem(CheckedTimeline Timeline, CheckedPack? Pack, SegmentName? Segment, long Bytes);
