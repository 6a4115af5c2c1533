using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>A snapshot whose manifest could be read, with its packs.</summary>
internal sealed class CheckedSnapshot(SnapshotEntry entry, SnapshotManifest manifest, CheckedPack[] packs)
{
    public SnapshotEntry Entry { get; } = entry;

    public SnapshotManifest Manifest { get; } = manifest;

    /// <summary>In the manifest's order.</summary>
    public IReadOnlyList<CheckedPack> Packs { get; } = packs;

    /// <summary>Whether its pages are incomplete or its image is wrong, whatever its packs are.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Whether its image was put together and checked.</summary>
    public bool IsImageChecked { get; set; }

    public bool IsGood => !IsDamaged && Packs.All(pack => pack.IsGood);

    /// <summary>How much of it was read.</summary>
    public CheckDepth Depth => Packs.All(pack => pack.IsRead) ? CheckDepth.All
        : Packs.Any(pack => pack.IsRead) ? CheckDepth.Sample
        : CheckDepth.Structure;
}
