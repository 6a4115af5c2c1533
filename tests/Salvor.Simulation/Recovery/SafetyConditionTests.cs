using Salvor.Recovery.Engine;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>Each condition of safety is needed: without it the simulation sees harm within some seeds.</summary>
public sealed class SafetyConditionTests
{
    private const int SeedsMax = 600;

    private static readonly Dictionary<string, RunOptions> Without = new()
    {
        [nameof(EngineSafety.HeedsTheUnseen)] = Engine(new EngineSafety { HeedsTheUnseen = false }),
        [nameof(EngineSafety.LooksBefore)] = Engine(new EngineSafety { LooksBefore = false }),
        [nameof(EngineSafety.KeepsBudgets)] = Engine(new EngineSafety { KeepsBudgets = false }),
        [nameof(EngineSafety.WaitsForDatapoints)] = Engine(new EngineSafety { WaitsForDatapoints = false }),
        [nameof(EngineSafety.RequiresProofs)] = Engine(new EngineSafety { RequiresProofs = false }),
        [nameof(Safety.ProbesStore)] = new RunOptions { Safety = new Safety { ProbesStore = false }, StoreLies = true },
        [nameof(Safety.RechecksClaim)] = Of(new Safety { RechecksClaim = false }),
        [nameof(Safety.ConfirmsStop)] = Of(new Safety { ConfirmsStop = false }),
        [nameof(Safety.TagsFenced)] = Of(new Safety { TagsFenced = false }),
        [nameof(Safety.DisablesAlarms)] = Of(new Safety { DisablesAlarms = false }),
        [nameof(Safety.HasGate)] = Of(new Safety { HasGate = false }),
        [nameof(Safety.ChecksTimeline)] = Of(new Safety { ChecksTimeline = false }),
        [nameof(Safety.ChecksData)] = Of(new Safety { ChecksData = false }),
        [nameof(Safety.HoldsEtcd)] = Of(new Safety { HoldsEtcd = false }),
        [nameof(Safety.ChoosesNewest)] = Of(new Safety { ChoosesNewest = false }),
        [nameof(Safety.HeedsOthers)] = Of(new Safety { HeedsOthers = false }),
    };

    public static TheoryData<string> Conditions => [.. Without.Keys];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Without_it_harm_is_done(string condition)
    {
        var found = new List<string>();
        Parallel.ForEach(Enumerable.Range(1, SeedsMax), new ParallelOptions { MaxDegreeOfParallelism = 2 },
            (seed, state) =>
            {
                try
                {
                    new RecoverySimulation(seed, Without[condition]).Run();
                }
                catch (SimulationException e) when (e.Message.StartsWith("At ", StringComparison.Ordinal))
                {
                    lock (found)
                    {
                        found.Add($"seed {seed}: {e.Message}");
                    }

                    state.Stop();
                }
            });

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(Environment.NewLine, found));
        Assert.True(found.Count > 0, $"{SeedsMax} runs did not show what {condition} is for.");
    }

    [Fact]
    public void Store_that_does_not_keep_its_conditions_leads_nobody()
    {
        var simulation = new RecoverySimulation(1, new RunOptions { StoreLies = true, Faults = 2 });

        simulation.Run();

        Assert.Empty(simulation.Coverage.Opened.Keys.Intersect(
            Salvor.Recovery.Ladder.RungTable.Guard.Select(rule => rule.Rung)));
    }

    private static RunOptions Engine(EngineSafety safety) => Of(new Safety { Engine = safety });

    private static RunOptions Of(Safety safety) => new() { Safety = safety };
}
