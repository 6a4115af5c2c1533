namespace Salvor.Compare.Streaming;

/// <summary>Times as networks and services take them: mostly near the middle, now and then many times that.</summary>
public sealed class LogNormal(TimeSpan median, TimeSpan p99, int seed)
{
    /// <summary>How many standard deviations above the mean 99 % of a normal distribution ends.</summary>
    private const double DeviationsOfP99 = 2.3263;

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();

    public TimeSpan Next()
    {
        var sigma = Math.Log(p99 / median) / DeviationsOfP99;
        return median * Math.Exp(sigma * NextNormal());
    }

    /// <summary>Box and Muller's way from two even draws.</summary>
    private double NextNormal()
    {
        lock (_gate)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
            return radius * Math.Cos(2 * Math.PI * _random.NextDouble());
        }
    }
}
