using System.Collections.Immutable;

namespace Salvor.Repository.Kits;

/// <summary>The kit that belongs to a snapshot.</summary>
/// <param name="Id">Its object, in the snapshot's timeline.</param>
/// <param name="Fingerprint">The SHA-256 of what is in it, in hex: equal kits are stored once.</param>
/// <param name="Entries">How many files, directories and links it has.</param>
/// <param name="Missing">Paths that belong to it and are not in it.</param>
public sealed record KitReference(string Id, string Fingerprint, int Entries, ImmutableArray<string> Missing);
