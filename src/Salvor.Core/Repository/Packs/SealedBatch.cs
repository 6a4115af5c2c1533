namespace Salvor.Repository.Packs;

/// <summary>A batch that is a frame of a pack now.</summary>
/// <param name="Batch">Which pages it has; their content is gone.</param>
/// <param name="Pack">The pack.</param>
/// <param name="EndsPack">Whether the pack is full, and finished.</param>
internal sealed record SealedBatch(PageBatch Batch, PackWriter Pack, bool EndsPack);
