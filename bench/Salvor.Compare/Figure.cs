namespace Salvor.Compare;

/// <summary>Something that was measured once or more, and what it may come to at most.</summary>
/// <param name="Name">What it is, as the table's first column says it.</param>
/// <param name="Unit">Such as "ms"; empty for a ratio.</param>
/// <param name="Values">Every measurement; at least one.</param>
public sealed record Figure(string Name, string Unit, IReadOnlyList<double> Values)
{
    public Figure(string name, string unit, double value)
        : this(name, unit, [value])
    {
    }

    public Spread Spread => new(Values);

    /// <summary>The most that it may be; null where nothing is promised.</summary>
    public double? Budget { get; init; }

    /// <summary>
    /// Whether the median is held to the budget, not the largest: for what one stall of a disk decides in each round.
    /// </summary>
    public bool IsJudgedByMedian { get; init; }

    public bool IsWithinBudget => Budget is not { } budget || (IsJudgedByMedian ? Spread.Median : Spread.Max) <= budget;
}
