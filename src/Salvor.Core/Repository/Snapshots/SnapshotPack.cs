namespace Salvor.Repository.Snapshots;

/// <summary>A pack that a snapshot needs.</summary>
/// <param name="Name">Without its folder.</param>
/// <param name="Bytes">Of the object.</param>
/// <param name="Pages">Pages in it.</param>
/// <param name="LivePages">Those of them that this snapshot's image takes from it.</param>
public sealed record SnapshotPack(string Name, long Bytes, int Pages, int LivePages);
