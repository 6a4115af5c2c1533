using Salvor.Repository;

namespace Salvor.Restore.FromRepository;

/// <summary>What came of beginning a timeline for a restored cluster.</summary>
/// <param name="Timeline">The one that was to begin.</param>
/// <param name="Fault">Why it did not, as a sentence; null when it did.</param>
/// <param name="WayOut">What its operator does then; null when it began.</param>
public sealed record BegunTimeline(TimelineId Timeline, string? Fault, string? WayOut);
