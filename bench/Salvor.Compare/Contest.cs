namespace Salvor.Compare;

/// <summary>
/// The same task for both, and the most that ours may take as a multiple of theirs (null: no budget).
/// </summary>
public sealed record Contest(string Name, Contestant Ours, Contestant Theirs, double? RatioMax);
