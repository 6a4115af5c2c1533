namespace Salvor.Inspect;

/// <summary>What a resource or a namespace takes up.</summary>
/// <param name="Name">Of the resource or namespace.</param>
/// <param name="Keys">Keys that exist.</param>
/// <param name="Entries">Stored entries, history and tombstones included.</param>
/// <param name="StoredBytes">Bytes of those entries.</param>
public sealed record GroupSize(string Name, long Keys, long Entries, long StoredBytes);
