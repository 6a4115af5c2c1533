namespace Salvor.Repository.Keeping;

/// <summary>What was merged, or would be.</summary>
/// <param name="Segments">How many segments, which stay for at least 24 hours.</param>
/// <param name="Into">How many segments took their place.</param>
/// <param name="LeftAlone">Groups that hold one that can't be read: verify names it.</param>
public readonly record struct MergeTotals(int Segments, int Into, int LeftAlone)
{
    public static MergeTotals operator +(MergeTotals left, MergeTotals right) => new(
        left.Segments + right.Segments, left.Into + right.Into, left.LeftAlone + right.LeftAlone);
}
