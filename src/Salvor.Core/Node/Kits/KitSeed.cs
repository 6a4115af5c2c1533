namespace Salvor.Node.Kits;

/// <summary>A file or directory to look for.</summary>
/// <param name="Path">As the machine knows it.</param>
/// <param name="WantedBy">Who can't do without it, as part of a sentence; null when it may be absent.</param>
internal sealed record KitSeed(string Path, string? WantedBy = null);
