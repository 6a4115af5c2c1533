using Salvor.Recovery.Engine;
using Salvor.Simulation.Recovery.Model;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>
/// Each condition of safety is needed: without it the simulation sees harm within some seeds, and with it none in the
/// same ones. Left out is <see cref="Safety.ChecksTimeline"/>: it is a second line behind the engine's own look.
/// </summary>
public sealed class SafetyConditionTests
{
    private const int SeedsMax = 600;

    private static readonly Dictionary<string, RunOptions> Without = new()
    {
        [nameof(EngineSafety.HeedsTheUnseen)] = new RunOptions
        {
            Safety = Of(new EngineSafety { HeedsTheUnseen = false }),
            Faults = 0,
            Chaos = TimeSpan.FromHours(1),
            Prepare = HideTheCluster,
        },
        [nameof(EngineSafety.LooksBefore)] = new RunOptions
        {
            Safety = Of(new EngineSafety { LooksBefore = false }),
            Only = [Fault.DataGone, Fault.Unmounted, Fault.VolumeDetached],
        },
        [nameof(EngineSafety.KeepsBudgets)] = Any(Of(new EngineSafety { KeepsBudgets = false })),
        [nameof(EngineSafety.WaitsForDatapoints)] = Any(Of(new EngineSafety { WaitsForDatapoints = false })),
        [nameof(EngineSafety.RequiresProofs)] = new RunOptions
        {
            Safety = Of(new EngineSafety { RequiresProofs = false }),
            Only = [Fault.ZoneCut],
            Prepare = scene => scene.Cloud.StopsHang = true,
        },
        [nameof(Safety.ProbesStore)] = new RunOptions
        {
            Safety = new Safety { ProbesStore = false },
            StoreLies = true,
            Only = [Fault.Terminated],
            Prepare = scene => scene.Region.Weather.Slow = 0.4,
        },
        [nameof(Safety.RechecksClaim)] = new RunOptions
        {
            Safety = new Safety { RechecksClaim = false },
            Only = [Fault.ZoneCut],
        },
        [nameof(Safety.ConfirmsStop)] = new RunOptions
        {
            Safety = new Safety { ConfirmsStop = false },
            Only = [Fault.ZoneCut],
        },
        [nameof(Safety.TagsFenced)] = Any(new Safety { TagsFenced = false }),
        [nameof(Safety.DisablesAlarms)] = Any(new Safety { DisablesAlarms = false }),
        [nameof(Safety.HasGate)] = Any(new Safety { HasGate = false }),
        [nameof(Safety.ChecksData)] = Any(new Safety { ChecksData = false }),
        [nameof(Safety.HoldsEtcd)] = Any(new Safety { HoldsEtcd = false }),
        [nameof(Safety.ChoosesNewest)] = Any(new Safety { ChoosesNewest = false }),
        [nameof(Safety.HeedsOthers)] = Any(new Safety { HeedsOthers = false }),
    };

    public static TheoryData<string> Conditions => [.. Without.Keys];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Without_it_harm_is_done(string condition)
    {
        var options = Without[condition];
        // Eight at a time, to their end: so the first seed that is found is the same on every machine.
        var first = Enumerable.Range(1, SeedsMax).Chunk(8).SelectMany(seeds => seeds
                .AsParallel().AsOrdered().WithDegreeOfParallelism(2)
                .Select(seed => (Seed: seed, Harm: HarmOf(seed, options))).ToList())
            .FirstOrDefault(run => run.Harm is not null);

        Assert.True(first.Harm is not null, $"{SeedsMax} runs did not show what {condition} is for.");
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {first.Seed}: {first.Harm}");
        Assert.Null(HarmOf(first.Seed, options with { Safety = new Safety() }));
    }

    [Fact]
    public void Store_that_does_not_keep_its_conditions_leads_nobody()
    {
        var simulation = new RecoverySimulation(1, new RunOptions { StoreLies = true, Faults = 2 });

        simulation.Run();

        Assert.Empty(simulation.Coverage.Opened.Keys.Intersect(
            Salvor.Recovery.Ladder.RungTable.Guard.Select(rule => rule.Rung)));
    }

    private static string? HarmOf(int seed, RunOptions options)
    {
        try
        {
            new RecoverySimulation(seed, options).Run();
            return null;
        }
        catch (SimulationException e) when (e.Message.StartsWith("At ", StringComparison.Ordinal))
        {
            return e.Message;
        }
    }

    /// <summary>One guard is cut off from the cluster, and the other one, which sees it, cannot say so.</summary>
    private static void HideTheCluster(Scene scene) => scene.World.After(TimeSpan.FromMinutes(5), () =>
    {
        scene.Region.Say("zones 0 and 1 are cut apart for good, and zone 2 is cut off from the store");
        scene.Region.Cut(0, 1, isCut: true);
        scene.Region.StoreCut[2] = true;
    });

    private static Safety Of(EngineSafety engine) => new() { Engine = engine };

    private static RunOptions Any(Safety safety) => new() { Safety = safety };
}
