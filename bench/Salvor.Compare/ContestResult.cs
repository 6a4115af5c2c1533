namespace Salvor.Compare;

/// <summary>The alternating pairs of one contest; ratios are ours over theirs, pair by pair.</summary>
public sealed record ContestResult(
    Contest Contest, bool IsCold, IReadOnlyList<Sample> Ours, IReadOnlyList<Sample> Theirs)
{
    public double RatioMedian => Median(Ratios());

    public double RatioWorst => Ratios().Max();

    /// <summary>A spread that crosses the budget counts as missed.</summary>
    public bool IsWithinBudget => Contest.RatioMax is not { } max || RatioWorst <= max;

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private IEnumerable<double> Ratios() => Ours.Zip(Theirs, (ours, theirs) => ours.Wall / theirs.Wall);
}
