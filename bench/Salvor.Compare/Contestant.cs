namespace Salvor.Compare;

/// <summary>A program with its arguments; OUT among them becomes a path that does not exist yet.</summary>
public sealed record Contestant(string Name, string Program, params string[] Arguments)
{
    public const string Out = "OUT";
}
