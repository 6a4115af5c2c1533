using Salvor.ObjectStore;

namespace Salvor.Repository.Keys;

/// <summary>A key slot as it was found in a repository.</summary>
/// <param name="Name">Its object.</param>
/// <param name="Slot">The slot; null when it can't be read, or is of a kind that this version does not know.</param>
/// <param name="Fault">Why it can't be read; null when it can, or when its kind is unknown.</param>
public sealed record StoredKeySlot(ObjectName Name, KeySlot? Slot, string? Fault);
