using Salvor.DataDirectory;

namespace Salvor.Restore.Salvage;

/// <summary>What to salvage, and into what.</summary>
public sealed record SalvageOptions
{
    /// <summary>The damaged data directory. Nothing in it is ever changed.</summary>
    public required MemberLayout Source { get; init; }

    /// <summary>Where the new member goes, and what it is called.</summary>
    public required RestoreOptions Target { get; init; }
}
