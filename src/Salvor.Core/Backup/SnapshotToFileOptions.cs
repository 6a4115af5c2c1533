namespace Salvor.Backup;

/// <summary>Where a snapshot file goes.</summary>
public sealed record SnapshotToFileOptions
{
    /// <summary>The file to make; its directory exists, it does not.</summary>
    public required string TargetFile { get; init; }
}
