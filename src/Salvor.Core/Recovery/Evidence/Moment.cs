namespace Salvor.Recovery.Evidence;

/// <summary>When something was seen or done, by both clocks.</summary>
/// <param name="Uptime">
/// Since the process began, and never backwards: hold-offs and settling are measured by it.
/// </param>
/// <param name="Wall">
/// By the machine's clock, which may jump: it dates the journal, and outlives a restart. Nothing harmful hangs on it
/// alone.
/// </param>
public readonly record struct Moment(TimeSpan Uptime, DateTimeOffset Wall);
