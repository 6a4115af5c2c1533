using Salvor.Formats.Etcd;

namespace Salvor.Restore;

/// <summary>What a restore made.</summary>
public sealed record RestoreReport
{
    public required string Source { get; init; }

    /// <summary>SHA-256 of the source image, when it had one stored and was held against it.</summary>
    public string? SourceSha256 { get; init; }

    public required long SourceBytes { get; init; }

    public required string DataDirectory { get; init; }

    /// <summary>Bytes of the written backend.</summary>
    public required long DatabaseBytes { get; init; }

    /// <summary>Entries in the written keyspace: puts and tombstones.</summary>
    public required long Entries { get; init; }

    /// <summary>The revision that etcd will start at.</summary>
    public required long Revision { get; init; }

    /// <summary>The revision at and below which history is gone; 0 for none.</summary>
    public required long CompactRevision { get; init; }

    public required MemberRecord Member { get; init; }

    public required ClusterId Cluster { get; init; }

    public required string ClusterToken { get; init; }

    /// <summary>Directories that hold what was there before; empty when nothing was.</summary>
    public required IReadOnlyList<string> Quarantines { get; init; }

    public required TimeSpan Elapsed { get; init; }
}
