namespace Salvor.Repository.Keeping;

/// <summary>The segments of a timeline that end at a revision or before it.</summary>
/// <param name="Timeline">The timeline.</param>
/// <param name="Through">The last revision.</param>
public sealed record PruneLogRange(int Timeline, long Through);
