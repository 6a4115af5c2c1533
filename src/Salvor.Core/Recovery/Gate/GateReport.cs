using System.Collections.Immutable;

namespace Salvor.Recovery.Gate;

/// <summary>What the gate saw, decided and did.</summary>
public sealed record GateReport
{
    public required GateSighting Sighting { get; init; }

    public required GateDecision Decision { get; init; }

    public required ImmutableArray<GateReason> Reasons { get; init; }

    /// <summary>Where the manifest is held; null where it is not.</summary>
    public string? HeldAt { get; init; }

    /// <summary>Why it was held before, as written then; null where it was not, or nothing can be read.</summary>
    public GateRecord? HeldSince { get; init; }

    /// <summary>Why the manifest could not be put aside; null where it was, or was not to be.</summary>
    public string? HoldFailure { get; init; }

    /// <summary>The record in the repository; null where none was stored.</summary>
    public string? RecordedAs { get; init; }

    /// <summary>What else went wrong or is worth a line, each as a sentence.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    public required TimeSpan Elapsed { get; init; }
}
