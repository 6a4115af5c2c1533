using Salvor.Recovery.Lease;
using Salvor.Simulation.World;

namespace Salvor.Simulation.Lease;

public sealed class StoreLeaseTests
{
    public static TheoryData<string> Rules { get; } = new(
        Enum.GetNames<LeaseRules>().Except([nameof(LeaseRules.None), nameof(LeaseRules.All)]));

    [Fact]
    public void Lease_never_has_two_holders_and_has_one_when_nothing_fails()
    {
        var tenures = 0;
        var runs = 0;
        Seeds.ForEach(Seeds.Of(fast: 30, normal: 300, full: 5000), seed =>
        {
            var simulation = new LeaseSimulation(seed, LeaseRules.All);
            simulation.Run();
            tenures += simulation.Tenures;
            runs++;
        });

        // What never changes hands proves little.
        TestContext.Current.TestOutputHelper?.WriteLine($"{tenures} holdings in {runs} runs");
        Assert.True(tenures > 3 * runs || runs < 10, $"There were only {tenures} holdings in {runs} runs.");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Lease_without_one_of_its_rules_is_found_out(string rule)
    {
        const int SeedsMax = 2000;
        var rules = LeaseRules.All & ~Enum.Parse<LeaseRules>(rule);
        for (var seed = 1; seed <= SeedsMax; seed++)
        {
            try
            {
                new LeaseSimulation(seed, rules).Run();
            }
            catch (SimulationException e) when (e.Message.StartsWith("At ", StringComparison.Ordinal))
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {e.Message}");
                return;
            }
        }

        Assert.Fail($"{SeedsMax} runs did not show what {rule} is for.");
    }

    [Fact]
    public void Seed_tells_the_whole_run()
    {
        Seeds.ForEach(Seeds.Of(fast: 3, normal: 10, full: 50), seed =>
        {
            var first = new LeaseSimulation(seed, LeaseRules.All);
            first.Run();
            var second = new LeaseSimulation(seed, LeaseRules.All);
            second.Run();
            Assert.Equal(first.Trace, second.Trace);
        });
    }
}
