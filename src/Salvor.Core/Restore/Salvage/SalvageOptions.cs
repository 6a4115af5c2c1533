using Salvor.DataDirectory;

namespace Salvor.Restore.Salvage;

/// <summary>What to salvage, and into what.</summary>
public sealed record SalvageOptions
{
    /// <summary>The damaged data directory. Nothing in it is ever changed.</summary>
    public required MemberLayout Source { get; init; }

    /// <summary>
    /// A snapshot of the same cluster, to begin with where the database itself is bad and the log still covers what
    /// came after it; null for none.
    /// </summary>
    public string? Snapshot { get; init; }

    /// <summary>Where the new member goes, and what it is called.</summary>
    public required RestoreOptions Target { get; init; }
}
