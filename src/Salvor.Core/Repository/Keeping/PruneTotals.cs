namespace Salvor.Repository.Keeping;

/// <summary>How much is deleted, or listed in a plan.</summary>
/// <param name="Snapshots">Snapshots.</param>
/// <param name="Packs">Packs.</param>
/// <param name="Segments">Segments of the log.</param>
/// <param name="Checks">Records of checks.</param>
/// <param name="Bytes">What packs, segments and records take in the store.</param>
public readonly record struct PruneTotals(int Snapshots, int Packs, int Segments, int Checks, long Bytes)
{
    public bool IsNothing => this == default;
}
