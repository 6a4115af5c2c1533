using System.Collections.Immutable;
using Salvor.Repository.Kits;

namespace Salvor.Repository.Snapshots;

/// <summary>What a snapshot's object says: where the image came from, and the packs that make it up.</summary>
public sealed record SnapshotManifest
{
    public required string Id { get; init; }

    public required int Timeline { get; init; }

    /// <summary>The image's newest revision.</summary>
    public required long Revision { get; init; }

    /// <summary>The revision before which history is gone; 0 where nothing was compacted.</summary>
    public required long CompactRevision { get; init; }

    public required SourceIdentity Source { get; init; }

    public required DateTimeOffset Begun { get; init; }

    public required DateTimeOffset Finished { get; init; }

    public required long ImageBytes { get; init; }

    /// <summary>The image's SHA-256, in hex; what etcd sent along with it.</summary>
    public required string ImageSha256 { get; init; }

    /// <summary>Pages that this snapshot stored; the rest was there.</summary>
    public required long ChangedPages { get; init; }

    /// <summary>Bytes of the packs that this snapshot stored.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>A page is taken from the last pack of the list that has it.</summary>
    public required ImmutableArray<SnapshotPack> Packs { get; init; }

    /// <summary>The machine's files that belong to it; null where the writer was not on a control-plane machine.</summary>
    public KitReference? Kit { get; init; }
}
