namespace Salvor.Recovery.Evidence;

/// <summary>What one look saw of one sign.</summary>
/// <param name="Truth">Whether it is so.</param>
/// <param name="Detail">Where that was seen, in words for a person; empty where the sign says it all.</param>
public readonly record struct Sighting(Truth Truth, string Detail);
