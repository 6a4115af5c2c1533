namespace Salvor.Lab.Cloud.Alarms;

/// <summary>The metrics' values, the newest of each series only.</summary>
public sealed class MetricStore
{
    private const int PointsMax = 5_000;
    private const int SeriesMax = 10_000;

    private readonly Dictionary<string, List<Datapoint>> _series = [];

    /// <summary>A series is its namespace, its name and its dimensions, which have no order.</summary>
    public static string Key(string space, string name, IReadOnlyDictionary<string, string> dimensions) =>
        string.Join('\n', [
            space, name,
            .. dimensions.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}")]);

    public void Put(string key, Datapoint point)
    {
        if (!_series.TryGetValue(key, out var points))
        {
            if (_series.Count >= SeriesMax)
            {
                throw new Model.CloudException("LimitExceeded", "The lab keeps no more metrics.");
            }

            _series[key] = points = [];
        }

        points.Add(point);
        if (points.Count > PointsMax)
        {
            points.RemoveAt(0);
        }
    }

    public IEnumerable<Datapoint> Between(string key, DateTimeOffset from, DateTimeOffset before) =>
        _series.GetValueOrDefault(key, []).Where(point => point.Time >= from && point.Time < before);

    public static double Statistic(string name, IReadOnlyCollection<Datapoint> points) => name switch
    {
        "Maximum" => points.Max(point => point.Value),
        "Minimum" => points.Min(point => point.Value),
        "Sum" => points.Sum(point => point.Value),
        "Average" => points.Average(point => point.Value),
        "SampleCount" => points.Count,
        _ => throw new Model.CloudException("InvalidParameterValue", $"There is no statistic {name}."),
    };
}
