using Salvor.Repository.Snapshots;

namespace Salvor.Backup;

/// <summary>What a snapshot into a repository came to.</summary>
/// <param name="Manifest">The snapshot.</param>
/// <param name="Repository">Where it lies.</param>
/// <param name="Endpoint">The member that sent it.</param>
/// <param name="IsFirst">Whether there was nothing to build on.</param>
/// <param name="Elapsed">From the first question to the commit.</param>
/// <param name="Paused">How much of it was waited for etcd's sake, whose disk was slow.</param>
public sealed record SnapshotReport(
    SnapshotManifest Manifest, string Repository, Uri Endpoint, bool IsFirst, TimeSpan Elapsed, TimeSpan Paused);
