namespace Salvor.Lab.Cloud.Alarms;

/// <summary>A metric alarm and its state.</summary>
public sealed record Alarm(string Name, string Namespace, string MetricName)
{
    public string Statistic { get; init; } = "Maximum";

    public int Period { get; init; }

    public int EvaluationPeriods { get; init; }

    public int DatapointsToAlarm { get; init; }

    public double Threshold { get; init; }

    public string Comparison { get; init; } = "";

    public string TreatMissingData { get; init; } = "missing";

    public bool ActionsEnabled { get; init; } = true;

    public IReadOnlyDictionary<string, string> Dimensions { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> AlarmActions { get; init; } = [];

    public IReadOnlyList<string> OkActions { get; init; } = [];

    public IReadOnlyList<string> InsufficientDataActions { get; init; } = [];

    public string State { get; init; } = AlarmRule.Insufficient;

    public string Reason { get; init; } = "Unchecked: Initial alarm creation";

    public DateTimeOffset Since { get; init; }

    /// <summary>How often it is evaluated, which follows from its periods; in the cloud's time.</summary>
    public TimeSpan Cadence => Period < 60
        ? AlarmBook.Quick
        : TimeSpan.FromSeconds(Period) * EvaluationPeriods > TimeSpan.FromDays(1) ? AlarmBook.Slow : AlarmBook.Usual;

    public string Key => MetricStore.Key(Namespace, MetricName, Dimensions);

    public bool IsBreaching(double value) => Comparison switch
    {
        "GreaterThanOrEqualToThreshold" => value >= Threshold,
        "GreaterThanThreshold" => value > Threshold,
        "LessThanThreshold" => value < Threshold,
        _ => value <= Threshold,
    };
}
