using Salvor.Repository.Snapshots;

namespace Salvor.Backup;

/// <summary>What a snapshot into a repository came to.</summary>
/// <param name="Manifest">The snapshot.</param>
/// <param name="Repository">Where it lies.</param>
/// <param name="Endpoint">The member that sent it.</param>
/// <param name="IsFirst">Whether there was nothing to build on.</param>
/// <param name="Elapsed">From the first question to the commit.</param>
public sealed record SnapshotReport(
    SnapshotManifest Manifest, string Repository, Uri Endpoint, bool IsFirst, TimeSpan Elapsed);
