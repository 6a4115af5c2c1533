namespace Salvor.Compare.Streaming;

/// <summary>Where shares of many measurements end.</summary>
public sealed class Percentiles(IEnumerable<TimeSpan> times)
{
    private readonly double[] _sortedMs = [.. times.Select(time => time.TotalMilliseconds).Order()];

    public double P50Ms => At(0.5);

    public double P99Ms => At(0.99);

    public double P999Ms => At(0.999);

    public double MaxMs => _sortedMs[^1];

    /// <summary>The smallest measurement that this share of all do not exceed.</summary>
    private double At(double share) => _sortedMs[Math.Max(0, (int)Math.Ceiling(share * _sortedMs.Length) - 1)];
}
