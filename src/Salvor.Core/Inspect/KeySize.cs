namespace Salvor.Inspect;

/// <summary>What one key takes up.</summary>
/// <param name="Key">As text.</param>
/// <param name="Entries">Stored entries of it.</param>
/// <param name="ValueBytes">Size of its newest value.</param>
/// <param name="StoredBytes">Bytes of all its entries.</param>
public sealed record KeySize(string Key, int Entries, int ValueBytes, long StoredBytes);
