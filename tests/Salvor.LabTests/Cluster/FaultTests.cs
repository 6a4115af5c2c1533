using Salvor.Lab;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// Every fault proves that it is in force, and is gone once it is healed. A full run has all of them; any other has a
/// handful, chosen by a seed.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class FaultTests(ClusterFixture fixture)
{
    private const int Handful = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fault_is_seen_and_gone_once_it_is_healed()
    {
        var seed = Environment.GetEnvironmentVariable("SALVOR_TEST_SEED") is { Length: > 0 } given
            ? int.Parse(given, provider: null)
            : Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"SALVOR_TEST_SEED={seed}");
        var faults = FaultTable.All.ToArray();
        new Random(seed).Shuffle(faults);
        foreach (var fault in TestLevel.IsFull ? faults : faults[..Handful])
        {
            TestContext.Current.TestOutputHelper?.WriteLine(fault.Name);
            await fixture.FreshAsync();
            Assert.Null(await fault.Observe(fixture.Lab, Cancel));
            await fault.Inject(fixture.Lab, Cancel);
            Assert.NotNull(await fault.Observe(fixture.Lab, Cancel));

            await fault.Heal(fixture.Lab, Cancel);
            var healed = fixture.Lab.Cloud.Region.Time.Now;
            await Wait.UntilAsync($"an end of {fault.Name}",
                async token => await fault.Observe(fixture.Lab, token) is null, Patience, Cancel);
            await fixture.Cluster.ReadyAsync(healed, Cancel);
        }
    }
}
