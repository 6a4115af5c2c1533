namespace Salvor.Inspect;

/// <summary>What the raft log of a data directory holds.</summary>
/// <param name="Segments">Its files.</param>
/// <param name="FirstIndex">The first entry that is left; null when none is.</param>
/// <param name="LastIndex">The last entry.</param>
/// <param name="Commit">The last commit index that was written down.</param>
/// <param name="ClusterId">Whose log it is, in hex.</param>
/// <param name="MemberId">Of which member, in hex.</param>
/// <param name="SnapFiles">Raft snapshots, by file name.</param>
public sealed record LogSummary(
    int Segments, ulong? FirstIndex, ulong? LastIndex, ulong? Commit, string? ClusterId, string? MemberId,
        IReadOnlyList<string> SnapFiles);
