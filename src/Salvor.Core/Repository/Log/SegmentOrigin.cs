namespace Salvor.Repository.Log;

/// <summary>Whose changes a segment holds, as the source said of itself when the segment was begun.</summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="MemberId">The member of it that was watched.</param>
/// <param name="RaftIndex">How far that member's raft log was; never more than it is at the segment's last revision.
/// </param>
/// <param name="RaftTerm">Its raft term.</param>
public readonly record struct SegmentOrigin(ulong ClusterId, ulong MemberId, ulong RaftIndex, ulong RaftTerm);
