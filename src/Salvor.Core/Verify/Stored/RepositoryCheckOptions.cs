namespace Salvor.Verify.Stored;

/// <summary>How deeply a repository is checked.</summary>
public sealed record RepositoryCheckOptions
{
    /// <summary>Which share of the packs and segments is read from end to end: 0 for none, 100 for all.</summary>
    public double ReadPercent { get; init; }

    /// <summary>What the choice of the share is made with.</summary>
    public int Seed { get; init; }

    /// <summary>The snapshot whose image is put together when all is read; null for the newest.</summary>
    public string? Snapshot { get; init; }

    /// <summary>A directory with room for that image.</summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>Whether good snapshots get a record of it.</summary>
    public bool IsRecorded { get; init; } = true;

    /// <summary>The version of salvor that the records name.</summary>
    public required string Version { get; init; }

    public bool ReadsAll => ReadPercent >= 100;
}
