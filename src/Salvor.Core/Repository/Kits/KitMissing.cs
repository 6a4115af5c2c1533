namespace Salvor.Repository.Kits;

/// <summary>A piece that belongs to the kit and could not be taken.</summary>
/// <param name="Path">Where it was looked for.</param>
/// <param name="Why">Who refers to it, or what stood in the way; part of a sentence.</param>
public sealed record KitMissing(string Path, string Why);
