namespace Salvor.Metrics;

/// <summary>Times as Prometheus has them.</summary>
internal static class MetricTime
{
    /// <summary>Seconds since 1970, UTC.</summary>
    public static double Of(DateTimeOffset at) => at.ToUnixTimeMilliseconds() / 1000.0;
}
