using Salvor.Formats;
using Salvor.Repository.Log;

namespace Salvor.Restore.Log;

/// <summary>A segment that was fetched, or what was wrong with it.</summary>
internal sealed record FetchedSegment(SegmentName Name, SegmentReader? Reader, CorruptDataException? Failure);
