namespace Salvor.Repository.Log;

/// <summary>Segments that lead from one revision to another, and what is missing between them.</summary>
/// <param name="Segments">In order. They may overlap: a reader takes from each what it does not have yet.</param>
/// <param name="Gaps">In order; empty when nothing is missing.</param>
public sealed record LogChain(IReadOnlyList<SegmentName> Segments, IReadOnlyList<RevisionGap> Gaps)
{
    public bool IsGapless => Gaps.Count == 0;
}
