namespace Salvor.Repository.Snapshots;

/// <summary>That a snapshot was checked and found good.</summary>
public sealed record SnapshotCheck
{
    /// <summary>The snapshot's id.</summary>
    public required string Snapshot { get; init; }

    public required CheckDepth Depth { get; init; }

    /// <summary>Whether the image was put together, and its hash and keyspace were checked too.</summary>
    public bool Image { get; init; }

    public required DateTimeOffset Checked { get; init; }

    /// <summary>What was found besides errors; with an error there is no record.</summary>
    public required int Findings { get; init; }

    /// <summary>The version of salvor that checked.</summary>
    public required string Version { get; init; }
}
