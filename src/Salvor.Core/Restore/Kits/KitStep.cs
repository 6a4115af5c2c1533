using Salvor.Repository.Kits;

namespace Salvor.Restore.Kits;

/// <summary>What happens with one entry of a kit.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Path">Where it goes on this machine.</param>
/// <param name="Action">What is done.</param>
/// <param name="PutAside">Where what was there is kept; null where nothing was, or it stays.</param>
public sealed record KitStep(KitEntry Entry, string Path, KitAction Action, string? PutAside);
