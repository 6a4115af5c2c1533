using System.Globalization;

namespace Salvor.Compare;

/// <summary>Figures for people.</summary>
public static class FigureTable
{
    public static void Print(FigureReport report)
    {
        Console.WriteLine($"{report.Task,-52} {"unit",-5} {"median",10} {"min",10} {"max",10}  of");
        foreach (var figure in report.Figures)
        {
            var spread = figure.Spread;
            Console.WriteLine(
                $"  {figure.Name,-50} {figure.Unit,-5} {Show(spread.Median),10} {Show(spread.Min),10} "
                + $"{Show(spread.Max),10}  {figure.Values.Count}{Judgement(figure)}");
        }

        foreach (var note in report.Notes)
        {
            Console.WriteLine($"  {note}");
        }
    }

    private static string Judgement(Figure figure)
    {
        if (figure.Budget is not { } budget)
        {
            return "";
        }

        var judged = figure.IsJudgedByMedian && figure.Values.Count > 1 ? " of the median" : "";
        var verdict = (figure.IsWithinBudget, figure.Spread.Max <= budget) switch
        {
            (true, true) => "met",
            (true, false) => "met, though not in every round",
            _ => "MISSED",
        };
        return $"; budget{judged} {Show(budget)}: {verdict}";
    }

    /// <summary>Ratios need their second digit, bytes and milliseconds none beyond the first.</summary>
    private static string Show(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "f2" : "f1", CultureInfo.InvariantCulture);
}
