using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>
/// A cluster on which nothing is wrong but what always is: lost probes, slow answers, upgrades, reboots.
/// </summary>
public sealed class FalseAlarmTests
{
    private static readonly TimeSpan FixedWithin = TimeSpan.FromMinutes(60);

    [Fact]
    public void Nothing_is_done_to_a_healthy_cluster()
    {
        var day = new RunOptions { IsOnlyNoise = true, Faults = 0, Chaos = TimeSpan.FromDays(1) };
        Runs.ForEach(Seeds.Of(2, 8, 100), seed =>
        {
            var simulation = new RecoverySimulation(seed, day);

            Assert.True(Runs.Guard(simulation), $"It is not well in the end.{Environment.NewLine}{simulation.Log}");
            Assert.True(simulation.Harm == 0, $"A healthy cluster was hurt.{Environment.NewLine}{simulation.Log}");
        });
    }

    [Fact]
    public void One_fault_in_the_same_noise_is_mended()
    {
        var options = new RunOptions { IsOnlyNoise = true, Faults = 1, Chaos = TimeSpan.FromHours(4) };
        var late = new SortedDictionary<int, (TimeSpan? After, string Log)>();
        Runs.ForEach(Seeds.Of(36, 360, 3600), seed =>
        {
            var simulation = new RecoverySimulation(seed, options);
            var isWell = Runs.Guard(simulation);
            if (!isWell || simulation.BackAfter > FixedWithin)
            {
                lock (late)
                {
                    late.Add(seed, (isWell ? simulation.BackAfter : null, simulation.Log));
                }
            }
        });

        Assert.True(late.Count * 100 <= Seeds.Of(36, 360, 3600).Count(),
            $"Too long (or never well): {string.Join(", ", late.Select(one => $"seed {one.Key} {one.Value.After}"))}. "
            + $"The first one:{Environment.NewLine}{late.FirstOrDefault().Value.Log}");
    }
}
