using Salvor.Formats.Etcd;

namespace Salvor.Restore;

/// <summary>What is changed on the way into a new member's backend; everything else is kept as it was.</summary>
/// <param name="Member">The one member, which takes the place of all.</param>
/// <param name="RaftIndex">The index that log, snap file and backend agree on.</param>
/// <param name="RaftTerm">Its term.</param>
/// <param name="CompactRevision">The compaction revision to state; null keeps the stored ones.</param>
internal sealed record BackendEdits(MemberRecord Member, ulong RaftIndex, ulong RaftTerm, long? CompactRevision);
