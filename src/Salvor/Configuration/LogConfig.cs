using System.Collections.Immutable;

namespace Salvor.Configuration;

/// <summary>How the stream of changes is stored.</summary>
public sealed record LogConfig
{
    private const string Section = "log";
    private const long MiB = 1 << 20;

    /// <summary>The oldest that a change may get before it is stored, in milliseconds: 50 to 60,000.</summary>
    /// <remarks>Every flush is a request that a bucket's provider charges for.</remarks>
    public int FlushAfterMs { get; init; } = 400;

    /// <summary>How much may gather before it is stored, in bytes: 64 KiB to 64 MiB.</summary>
    public long FlushBytes { get; init; } = 4 * MiB;

    /// <summary>
    /// Where changes wait while the store is away: in memory-backed storage or on a disk of its own, never on etcd's;
    /// null for nowhere but in memory.
    /// </summary>
    public string? SpoolDirectory { get; init; }

    /// <summary>How much may wait there, in bytes: 16 MiB to 1 TiB.</summary>
    public long SpoolBytes { get; init; } = 256 * MiB;

    public ImmutableArray<string> Validate()
    {
        var faults = new ConfigFaults();
        faults.AddUnlessWithin($"{Section}.flushAfterMs", FlushAfterMs, 50, 60_000);
        faults.AddUnlessWithin($"{Section}.flushBytes", FlushBytes, 64 << 10, 64 * MiB);
        faults.AddUnlessAbsolute($"{Section}.spoolDirectory", SpoolDirectory);
        faults.AddUnlessWithin($"{Section}.spoolBytes", SpoolBytes, 16 * MiB, 1L << 40);
        return faults.ToImmutable();
    }
}
