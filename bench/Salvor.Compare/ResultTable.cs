using System.Globalization;

namespace Salvor.Compare;

/// <summary>Results for people.</summary>
public static class ResultTable
{
    public static void PrintHeader() => Console.WriteLine(
        $"{"task",-18} {"cache",-5} {"program",-10} {"wall s: median",14} "
        + $"{"min",7} {"max",7} {"cpu s",7} {"peak MB",8}");

    public static void Print(ContestResult result)
    {
        PrintRow(result, result.Contest.Ours, result.Ours);
        PrintRow(result, result.Contest.Theirs, result.Theirs);
        var (ratio, budget) = (result.Ratio, result.Contest.Budget);
        Print(Invariant($"ratio: median {ratio.Median:f2}, min {ratio.Min:f2}, max {ratio.Max:f2}")
            + Judgement(budget.RatioMax, "f2", "", result.IsRatioWithinBudget));
        Print(Invariant($"peak: {result.PeakBytes / 1e6:f1} MB")
            + Judgement(budget.PeakBytesMax / 1e6, "f0", " MB", result.IsPeakWithinBudget));
        var warmUp = result.WarmUp;
        Print(Invariant($"warm-up pair, not counted: {warmUp.Ours.Wall.TotalSeconds:f3} s and ")
            + Invariant($"{warmUp.Theirs.Wall.TotalSeconds:f3} s, ratio {warmUp.Ratio:f2}"));
    }

    /// <summary>The last line: how the exit code came about.</summary>
    public static void PrintSummary(IReadOnlyList<string> missed, int pairs)
    {
        if (pairs < RunCommand.PairsMin)
        {
            Console.WriteLine($"Only {pairs} of the {RunCommand.PairsMin} pairs that a published figure needs.");
        }

        Console.WriteLine(missed.Count == 0
            ? "Every budget is met."
            : $"MISSED: {string.Join("; ", missed)}. In pairs, a ratio whose spread crosses it counts as missed.");
    }

    private static string Judgement(double? max, string format, string unit, bool isMet) => max is { } number
        ? $"; budget {number.ToString(format, CultureInfo.InvariantCulture)}{unit}: {(isMet ? "met" : "MISSED")}"
        : "";

    private static void PrintRow(ContestResult result, Contestant contestant, IReadOnlyList<Sample> samples)
    {
        var wall = new Spread([.. samples.Select(sample => sample.Wall.TotalSeconds)]);
        var cpu = new Spread([.. samples.Select(sample => sample.Cpu.TotalSeconds)]);
        var peakMegabytes = samples.Max(sample => sample.PeakBytes) / 1e6;
        Console.WriteLine(
            Invariant($"{result.Name,-18} {result.Cache,-5} {contestant.Name,-10} {wall.Median,14:f3} ")
            + Invariant($"{wall.Min,7:f3} {wall.Max,7:f3} {cpu.Median,7:f2} {peakMegabytes,8:f1}"));
    }

    private static void Print(string line) => Console.WriteLine($"{"",-24} {line}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
