namespace Salvor.Cloud;

/// <summary>What an alarm watches, when it goes off, and what it does then.</summary>
public sealed record AlarmDefinition
{
    /// <summary>The name, by which it is known. Putting another definition under it replaces the first.</summary>
    public required string Name { get; init; }

    /// <summary>Where the metric comes from, such as <c>AWS/EC2</c>.</summary>
    public required string Namespace { get; init; }

    public required string Metric { get; init; }

    /// <summary>What the metric is of: names and values.</summary>
    public required IReadOnlyDictionary<string, string> Dimensions { get; init; }

    /// <summary>How the figures of one period become one: <c>Maximum</c>, <c>Average</c> and so on.</summary>
    public required string Statistic { get; init; }

    public required int PeriodSeconds { get; init; }

    /// <summary>How many of the last periods are looked at.</summary>
    public required int EvaluationPeriods { get; init; }

    /// <summary>In how many of those the condition must hold.</summary>
    public required int DatapointsToAlarm { get; init; }

    /// <summary>How a figure is compared with the threshold, such as <c>GreaterThanOrEqualToThreshold</c>.</summary>
    public required string Comparison { get; init; }

    public required double Threshold { get; init; }

    /// <summary>What a period without a figure counts as: <c>missing</c>, <c>breaching</c> and so on.</summary>
    public required string MissingData { get; init; }

    /// <summary>Whether it does anything at all when it goes off.</summary>
    public bool ActionsEnabled { get; init; } = true;

    /// <summary>What is done when it goes off, by the cloud's names for it.</summary>
    public IReadOnlyList<string> AlarmActions { get; init; } = [];

    /// <summary>What is done when all is well again.</summary>
    public IReadOnlyList<string> OkActions { get; init; } = [];

    /// <summary>What is done when there are too few figures to tell.</summary>
    public IReadOnlyList<string> InsufficientDataActions { get; init; } = [];

    /// <summary>What it is for, in words.</summary>
    public string Description { get; init; } = "";
}
