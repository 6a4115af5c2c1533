namespace Salvor.Repository.Snapshots;

/// <summary>Which database an object was made from, as its server told. Ids are hex digits.</summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="MemberId">The member of it.</param>
/// <param name="RaftIndex">How far its raft log was. It never goes back while member and cluster stay the same.</param>
/// <param name="RaftTerm">The log's term.</param>
/// <param name="Version">The server's version.</param>
public sealed record SourceIdentity(
    string ClusterId, string MemberId, long RaftIndex, long RaftTerm, string Version);
