namespace Salvor.Repository.Log;

/// <summary>A lease that a segment's keys refer to.</summary>
/// <param name="Id">The lease.</param>
/// <param name="TimeToLiveSeconds">For how long it was granted; 0 where that was not known any more.</param>
public readonly record struct SegmentLease(long Id, long TimeToLiveSeconds);
