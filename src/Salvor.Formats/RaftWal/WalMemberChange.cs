using Salvor.Formats.Raft;

namespace Salvor.Formats.RaftWal;

/// <summary>A change of the members as logged.</summary>
/// <param name="Index">The entry's index.</param>
/// <param name="Kind">What changes.</param>
/// <param name="MemberId">For whom.</param>
public sealed record WalMemberChange(ulong Index, ConfChangeKind Kind, ulong MemberId);
