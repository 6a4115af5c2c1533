using Salvor.Recovery.Lease;
using Salvor.Repository;

namespace Salvor.Recovery.Shared;

/// <summary>What a claim's object holds.</summary>
public sealed record TimelineClaim
{
    internal const int ReasonLengthMax = 1000;

    public required int Timeline { get; init; }

    public required ClaimState State { get; init; }

    /// <summary>Who claimed it, or made it active.</summary>
    public required string Claimant { get; init; }

    /// <summary>Under which number the claimant held the lease: a higher one may go on with the claim.</summary>
    public required long LeaseGeneration { get; init; }

    /// <summary>Different in every write.</summary>
    public required string Nonce { get; init; }

    /// <summary>For how long others leave the claim alone, from when they see it.</summary>
    public required int DurationMilliseconds { get; init; }

    /// <summary>Why it is claimed, or was taken back, and by whom: for people.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was claimed, by the claimant's clock. For people: no rule reads it.</summary>
    public required DateTimeOffset Claimed { get; init; }

    /// <summary>What breaks the format's rules; null when nothing does.</summary>
    internal string? Fault(TimelineId timeline) =>
        Timeline != timeline.Value ? $"it says that it is timeline {Timeline}"
        : !Enum.IsDefined(State) ? "its state is none"
        : !HolderId.TryParse(Claimant, out _) ? "its claimant is no name"
        : LeaseGeneration < 0 ? $"its lease generation is {LeaseGeneration}"
        : !Shared.Nonce.IsValid(Nonce) ? "its nonce is not 32 hex digits"
        : Reason.Length > ReasonLengthMax ? "its reason is too long"
        : DurationMilliseconds < LeaseOptions.DurationMin.TotalMilliseconds
            || DurationMilliseconds > LeaseOptions.DurationMax.TotalMilliseconds
            ? $"its duration is {DurationMilliseconds} ms"
        : null;
}
