namespace Salvor.Repository.Snapshots;

/// <summary>A pack that is in the store, or on its way there.</summary>
internal sealed record StoredPack(string Name, long Bytes, int Pages);
