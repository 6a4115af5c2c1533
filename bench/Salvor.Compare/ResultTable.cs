using System.Globalization;

namespace Salvor.Compare;

/// <summary>Results for people.</summary>
public static class ResultTable
{
    public static void PrintHeader() => Console.WriteLine(
        $"{"task",-14} {"cache",-5} {"program",-10} {"wall s: median",14} "
        + $"{"min",7} {"max",7} {"cpu s",7} {"peak MB",8}");

    public static void Print(ContestResult result)
    {
        PrintRow(result, result.Contest.Ours, result.Ours);
        PrintRow(result, result.Contest.Theirs, result.Theirs);
        var budget = result.Contest.RatioMax is { } max
            ? string.Create(CultureInfo.InvariantCulture, $"; budget {max:f2}: ")
                + (result.IsWithinBudget ? "met" : "MISSED")
            : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{"",-20} ratio: median {result.RatioMedian:f2}, worst {result.RatioWorst:f2}{budget}"));
    }

    private static void PrintRow(ContestResult result, Contestant contestant, IReadOnlyList<Sample> samples)
    {
        var walls = samples.Select(sample => sample.Wall.TotalSeconds).ToList();
        var cpu = ContestResult.Median(samples.Select(sample => sample.Cpu.TotalSeconds));
        var peakMegabytes = samples.Max(sample => sample.PeakBytes) / 1e6;
        var cache = result.IsCold ? "cold" : "warm";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Contest.Name,-14} {cache,-5} {contestant.Name,-10} {ContestResult.Median(walls),14:f3} "
            + $"{walls.Min(),7:f3} {walls.Max(),7:f3} {cpu,7:f2} {peakMegabytes,8:f1}"));
    }
}
