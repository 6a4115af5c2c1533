namespace Salvor.ObjectStore;

/// <summary>What a store says of an object without its content.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Modified">When it was stored, by the store's clock.</param>
/// <param name="Tag">Its tag; null where the store can't tell it without reading the object.</param>
public sealed record ObjectInfo(ObjectName Name, long LengthBytes, DateTimeOffset Modified, ObjectTag? Tag);
