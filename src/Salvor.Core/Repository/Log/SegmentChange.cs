namespace Salvor.Repository.Log;

/// <summary>A change of one key.</summary>
/// <param name="Kind">What it did.</param>
/// <param name="Bytes">What the source stores for it; points into the segment's content.</param>
public readonly record struct SegmentChange(ChangeKind Kind, ReadOnlyMemory<byte> Bytes);
