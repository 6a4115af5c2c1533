namespace Salvor.Compare;

/// <summary>Measures tasks, prints what they come to, and keeps it.</summary>
public sealed class Measurement(Workbench bench)
{
    private readonly Comparison _comparison = new(bench.Scratch, bench.Pairs);
    private readonly List<ContestResult> _contests = [];
    private readonly List<FigureReport> _reports = [];

    public IReadOnlyList<ContestResult> Contests => _contests;

    public IReadOnlyList<FigureReport> Reports => _reports;

    /// <summary>What missed a budget, by name.</summary>
    public IReadOnlyList<string> Missed =>
    [
        .. _contests.Where(result => !result.IsWithinBudget).Select(result => $"{result.Name} ({result.Cache})"),
        .. _reports.SelectMany(report => report.Missed),
    ];

    /// <summary>Measures contests in pairs: cold, where the page cache can be emptied, and warm.</summary>
    public async Task CompareAsync(IReadOnlyList<Contest> contests, CancellationToken ct)
    {
        if (contests.Count == 0)
        {
            return;
        }

        var canDrop = PageCache.CanDrop();
        if (!canDrop)
        {
            Console.WriteLine("The page cache can't be emptied here (that takes root): cold runs were not measured.");
        }

        ResultTable.PrintHeader();
        foreach (var contest in contests)
        {
            foreach (var isCold in canDrop ? (bool[])[true, false] : [false])
            {
                _contests.Add(await _comparison.RunAsync(contest, isCold, ct));
                ResultTable.Print(_contests[^1]);
            }
        }
    }

    public void Add(FigureReport report)
    {
        _reports.Add(report);
        FigureTable.Print(report);
    }
}
