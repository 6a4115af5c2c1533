using System.Collections.Immutable;

namespace Salvor.Repository.Keeping;

/// <summary>What retention decided.</summary>
/// <param name="Decisions">One for each snapshot, oldest first.</param>
/// <param name="LogFloors">
/// For each timeline the revision up to which its log is no longer needed: segments that end there or before may go.
/// </param>
public sealed record RetentionOutcome(
    ImmutableArray<KeepDecision> Decisions, ImmutableDictionary<TimelineId, long> LogFloors);
