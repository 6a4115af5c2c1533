using Salvor.Recovery.Diagnosis;
using Salvor.Recovery.Ladder;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>Whatever breaks: nothing is made worse, and all is well in the end.</summary>
public sealed class RecoverySimulationTests
{
    private static readonly int Count = TestLevel.Choose(100, 1000, 10_000);

    [Fact]
    public void Recoveries_never_make_it_worse_and_end_with_a_healthy_cluster()
    {
        var coverage = new Coverage();
        var stuck = new List<string>();
        Runs.ForEach(Seeds.Of(100, 1000, 10_000), seed =>
        {
            var simulation = new RecoverySimulation(seed, new RunOptions());
            var isWell = Runs.Guard(simulation);
            lock (coverage)
            {
                coverage.Add(simulation.Coverage);
                if (!isWell)
                {
                    stuck.Add($"seed {seed} is not well at {simulation.Now}:{Environment.NewLine}{simulation.Log}");
                }
            }
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{coverage}{Environment.NewLine}stuck: {stuck.Count}");
        var runs = Seeds.Of(100, 1000, 10_000).Count();
        Assert.True(stuck.Count * 100 <= runs,
            $"{stuck.Count} of {runs} runs are not well in the end. {stuck.FirstOrDefault()}");
        if (runs == 1)
        {
            return; // One seed that is looked at.
        }

        var least = Count / 10;
        // An old side that comes back after it was replaced is rare: a full run has seen it a hundred times.
        int LeastOf(bool isRare) => isRare ? Count / 100 : least;
        Assert.All(Enum.GetValues<CauseId>(), cause => Assert.True(
            coverage.Seen.GetValueOrDefault(cause) >= LeastOf(cause == CauseId.NewerTimeline),
            $"{cause} was seen in too few runs: {coverage}"));
        Assert.All(Enum.GetValues<Rung>(), rung => Assert.True(
            coverage.Opened.GetValueOrDefault(rung) >= LeastOf(rung == Rung.StandDown),
            $"{rung} was taken in too few runs: {coverage}"));
        Assert.True(coverage.Looks + coverage.StepsBegun >= Count * 100, $"{coverage}");
    }

    [Fact]
    public void Seed_tells_the_whole_run()
    {
        Seeds.ForEach(Seeds.Of(3, 10, 50), seed =>
        {
            var first = new RecoverySimulation(seed, new RunOptions());
            Runs.Guard(first);
            var second = new RecoverySimulation(seed, new RunOptions());
            Runs.Guard(second);
            Assert.Equal(first.Trace, second.Trace);
        });
    }
}
