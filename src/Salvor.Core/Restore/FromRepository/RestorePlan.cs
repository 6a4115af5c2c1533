using Salvor.Repository.Snapshots;

namespace Salvor.Restore.FromRepository;

/// <summary>What a restore will read, and what comes of it.</summary>
public sealed record RestorePlan
{
    /// <summary>The snapshot that it begins with.</summary>
    public required SnapshotManifest Base { get; init; }

    /// <summary>The last revision that the result holds, before it is raised.</summary>
    public required long Revision { get; init; }

    /// <summary>Newer snapshots that can't be used, and why.</summary>
    public required IReadOnlyList<PassedOver> PassedOver { get; init; }

    /// <summary>Bytes to fetch for the base.</summary>
    public long FetchBytes => Base.Packs.Sum(pack => pack.Bytes);

    /// <summary>Room that the target needs while the work lasts: the image, and the database made of it.</summary>
    public long DiskBytes => 2 * Base.ImageBytes;
}
