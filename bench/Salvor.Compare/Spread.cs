namespace Salvor.Compare;

/// <summary>What a measurement came to, over all of its runs.</summary>
public sealed class Spread
{
    public Spread(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        Min = sorted[0];
        Max = sorted[^1];
        Median = sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public double Median { get; }

    public double Min { get; }

    public double Max { get; }
}
