namespace Salvor.Compare;

/// <summary>A program with its arguments; OUT among them becomes a path that does not exist yet.</summary>
public sealed record Contestant(string Name, string Program, params string[] Arguments)
{
    public const string Out = "OUT";

    /// <summary>The arguments of a run before each one that is measured; empty for none.</summary>
    public IReadOnlyList<string> Preparation { get; init; } = [];
}
