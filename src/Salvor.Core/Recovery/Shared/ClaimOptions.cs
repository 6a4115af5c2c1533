using Salvor.Recovery.Lease;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>Who claims timelines, and for how long others leave a claim alone.</summary>
public sealed record ClaimOptions
{
    public required HolderId Claimant { get; init; }

    /// <summary>From when others see the claim. No safety depends on it: every change is by condition.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Everything that is wrong with these options; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate() =>
        Duration < LeaseOptions.DurationMin || Duration > LeaseOptions.DurationMax
            ? [$"duration: {Duration} is outside {LeaseOptions.DurationMin}..{LeaseOptions.DurationMax}."]
            : [];
}
