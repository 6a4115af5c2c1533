using Salvor.Repository.Snapshots;

namespace Salvor.Restore.FromRepository;

/// <summary>What a restore will read, and what comes of it.</summary>
public sealed record RestorePlan
{
    /// <summary>The snapshot that it begins with.</summary>
    public required SnapshotManifest Base { get; init; }

    /// <summary>
    /// The last revision that the result holds, before it is raised: above the snapshot's where the log goes on, and
    /// below it where the snapshot's own history reaches back to it.
    /// </summary>
    public required long Revision { get; init; }

    /// <summary>Revisions that are taken from the log.</summary>
    public long LogRevisions => Math.Max(0, Revision - Base.Revision);

    /// <summary>Whether newer revisions of the snapshot are left out.</summary>
    public bool IsCut => Revision < Base.Revision;

    /// <summary>Newer snapshots, and segments, that can't be used, and why.</summary>
    public required IReadOnlyList<PassedOver> PassedOver { get; init; }

    /// <summary>Bytes to fetch for the base.</summary>
    public long FetchBytes => Base.Packs.Sum(pack => pack.Bytes);

    /// <summary>Room that the target needs while the work lasts: the image, and the database made of it.</summary>
    public long DiskBytes => 2 * Base.ImageBytes;
}
