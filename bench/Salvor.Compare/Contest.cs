namespace Salvor.Compare;

/// <summary>The same task for both, and what ours may cost at most.</summary>
public sealed record Contest(string Name, Contestant Ours, Contestant Theirs, Budget Budget);
