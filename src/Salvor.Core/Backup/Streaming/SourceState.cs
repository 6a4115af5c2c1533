using Salvor.Repository.Log;

namespace Salvor.Backup.Streaming;

/// <summary>What a source says of itself.</summary>
/// <param name="Origin">Cluster, member and its raft log.</param>
/// <param name="Revision">The newest revision.</param>
public sealed record SourceState(SegmentOrigin Origin, long Revision);
