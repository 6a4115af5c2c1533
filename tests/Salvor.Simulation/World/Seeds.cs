using System.Globalization;

namespace Salvor.Simulation.World;

/// <summary>Which runs are made: some from 1 on, or the one that SALVOR_TEST_SEED names.</summary>
internal static class Seeds
{
    private static readonly int? Given =
        int.TryParse(
            Environment.GetEnvironmentVariable("SALVOR_TEST_SEED"), NumberStyles.None, CultureInfo.InvariantCulture,
            out var seed)
            ? seed
            : null;

    public static IEnumerable<int> Of(int fast, int normal, int full) =>
        Given is { } seed ? [seed] : Enumerable.Range(1, TestLevel.Choose(fast, normal, full));

    /// <summary>Runs one after the other; a failure says how to see it again.</summary>
    public static void ForEach(IEnumerable<int> seeds, Action<int> run)
    {
        var count = 0;
        foreach (var seed in seeds)
        {
            try
            {
                run(seed);
                count++;
            }
            catch (Exception e)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"SALVOR_TEST_SEED={seed}");
                throw new SimulationException($"SALVOR_TEST_SEED={seed}: {e.Message}", e);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{count} seeds passed, the last {seeds.Last()}.");
        Assert.True(count > 0, "No seed was run.");
    }
}
