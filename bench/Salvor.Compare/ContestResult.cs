namespace Salvor.Compare;

/// <summary>
/// The alternating pairs of one contest, without the pair that warmed up; ratios are ours over theirs, pair by pair.
/// </summary>
public sealed class ContestResult
{
    public ContestResult(Contest contest, bool isCold, SamplePair warmUp, IReadOnlyList<SamplePair> pairs)
    {
        Contest = contest;
        IsCold = isCold;
        WarmUp = warmUp;
        Ours = [.. pairs.Select(pair => pair.Ours)];
        Theirs = [.. pairs.Select(pair => pair.Theirs)];
        Ratio = new Spread([.. pairs.Select(pair => pair.Ratio)]);
    }

    public Contest Contest { get; }

    public string Name => Contest.Name;

    public bool IsCold { get; }

    public string Cache => IsCold ? "cold" : "warm";

    /// <summary>The first pair, which does not count.</summary>
    public SamplePair WarmUp { get; }

    public IReadOnlyList<Sample> Ours { get; }

    public IReadOnlyList<Sample> Theirs { get; }

    public Spread Ratio { get; }

    /// <summary>The most memory that any run of ours had, in bytes.</summary>
    public long PeakBytes => Ours.Max(sample => sample.PeakBytes);

    /// <summary>A ratio whose spread crosses the budget counts as missed.</summary>
    public bool IsRatioWithinBudget => Contest.Budget.RatioMax is not { } max || Ratio.Max <= max;

    public bool IsPeakWithinBudget => Contest.Budget.PeakBytesMax is not { } max || PeakBytes <= max;

    public bool IsWithinBudget => IsRatioWithinBudget && IsPeakWithinBudget;
}
