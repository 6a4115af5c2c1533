using Salvor.Formats.Findings;
using Salvor.Repository.Snapshots;

namespace Salvor.Verify.Stored;

/// <summary>What a check of a repository saw.</summary>
public sealed record RepositoryCheckReport
{
    public required string Location { get; init; }

    public required CheckDepth Depth { get; init; }

    /// <summary>What the share that was read was chosen with.</summary>
    public required int Seed { get; init; }

    public required int Timelines { get; init; }

    public required int Snapshots { get; init; }

    /// <summary>Snapshots without an error, as deep as was looked.</summary>
    public required int GoodSnapshots { get; init; }

    /// <summary>Packs that snapshots name.</summary>
    public required int Packs { get; init; }

    public required int Segments { get; init; }

    /// <summary>Packs and segments that were read from end to end.</summary>
    public required int ReadObjects { get; init; }

    /// <summary>Their bytes.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>The snapshot whose image was put together; null for none.</summary>
    public SnapshotManifest? ImageOf { get; init; }

    /// <summary>What that image holds.</summary>
    public DatabaseFacts? Database { get; init; }

    /// <summary>Why records of the check could not be stored; null when they were, or need not be.</summary>
    public string? RecordFault { get; init; }

    /// <summary>Whether the only errors are objects that a newer salvor has to check.</summary>
    public bool IsOnlyTooNew => Findings.Errors > 0 && Findings.Dropped == 0
        && Findings.Kept.All(f => f.Severity != Severity.Error || f.Code == Damage.NewerCode);

    public required FindingList Findings { get; init; }

    public required TimeSpan Elapsed { get; init; }
}
