using System.Collections.Concurrent;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Recovery;

/// <summary>Runs many seeds, two at a time: each has a world and a thread of its own.</summary>
internal static class Runs
{
    public static void ForEach(IEnumerable<int> seeds, Action<int> run)
    {
        var failures = new ConcurrentQueue<(int Seed, Exception Failure)>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (seed, state) =>
        {
            try
            {
                run(seed);
            }
            catch (Exception e)
            {
                failures.Enqueue((seed, e));
                state.Stop();
            }
        });
        if (failures.TryPeek(out var first))
        {
            throw new SimulationException($"SALVOR_TEST_SEED={first.Seed}: {first.Failure.Message}", first.Failure);
        }
    }

    /// <summary>Runs one; a failure has the run's events with it.</summary>
    public static bool Guard(RecoverySimulation simulation)
    {
        try
        {
            return simulation.Run();
        }
        catch (SimulationException e)
        {
            throw new SimulationException($"{e.Message}{Environment.NewLine}{simulation.Log}", e);
        }
    }
}
