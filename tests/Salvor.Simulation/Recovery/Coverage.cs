using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;

namespace Salvor.Simulation.Recovery;

/// <summary>In how many runs what was reached.</summary>
internal sealed class Coverage
{
    public Dictionary<CauseId, int> Seen { get; } = [];

    public Dictionary<CauseId, int> ActedOn { get; } = [];

    public Dictionary<Rung, int> Opened { get; } = [];

    public Dictionary<Rung, int> TakenBack { get; } = [];

    public Dictionary<StepKind, int> Steps { get; } = [];

    public int Crashes { get; set; }

    public int Looks { get; set; }

    public int StepsBegun { get; set; }

    public void Add(Coverage other)
    {
        Add(Seen, other.Seen);
        Add(ActedOn, other.ActedOn);
        Add(Opened, other.Opened);
        Add(TakenBack, other.TakenBack);
        Add(Steps, other.Steps);
        Crashes += other.Crashes;
        Looks += other.Looks;
        StepsBegun += other.StepsBegun;
    }

    public static void Count<T>(Dictionary<T, int> counts, T what)
        where T : notnull => counts[what] = counts.GetValueOrDefault(what) + 1;

    public override string ToString() => string.Join(Environment.NewLine,
    [
        $"looks {Looks}, steps {StepsBegun}, crashes {Crashes}",
        $"seen: {Text(Seen)}",
        $"acted on: {Text(ActedOn)}",
        $"opened: {Text(Opened)}",
        $"taken back: {Text(TakenBack)}",
        $"done: {Text(Steps)}",
    ]);

    private static void Add<T>(Dictionary<T, int> sums, Dictionary<T, int> counts)
        where T : notnull
    {
        foreach (var (what, count) in counts)
        {
            sums[what] = sums.GetValueOrDefault(what) + count;
        }
    }

    private static string Text<T>(Dictionary<T, int> counts)
        where T : notnull => string.Join(", ", counts.OrderBy(pair => pair.Key).Select(p => $"{p.Key} {p.Value}"));
}
