namespace Salvor.Restore;

/// <summary>
/// What a new backend shall hold, bucket by bucket: a snapshot, a salvaged directory, later a repository.
/// </summary>
internal interface IBackendContent
{
    /// <summary>The page size to keep: a file opened on another machine keeps its creator's.</summary>
    int PageSizeBytes { get; }

    /// <summary>The buckets that are there.</summary>
    IReadOnlyCollection<byte[]> BucketNames { get; }

    /// <summary>
    /// Visits a bucket's entries in key order; each bucket once at the most, since pages are claimed as they are read.
    /// </summary>
    void Visit(ReadOnlySpan<byte> bucket, EntryVisitor visit);
}
