namespace Salvor.Compare;

/// <summary>What a task that is no contest of pairs came to.</summary>
/// <param name="Task">The name that --only takes.</param>
/// <param name="Figures">In the order of the table.</param>
/// <param name="Notes">What a reader has to know besides, a sentence each.</param>
public sealed record FigureReport(string Task, IReadOnlyList<Figure> Figures, IReadOnlyList<string> Notes)
{
    /// <summary>The figures that missed their budget, by name.</summary>
    public IEnumerable<string> Missed =>
        Figures.Where(figure => !figure.IsWithinBudget).Select(figure => $"{Task}: {figure.Name}");
}
