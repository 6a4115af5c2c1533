using System.Diagnostics;
using Salvor.Lab;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// Every fault proves that it is in force, and is gone once it is healed: the cluster is as well as before. A full run
/// has all of them; any other has a handful, chosen by a seed.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class FaultTests(ClusterFixture fixture)
{
    private const int Handful = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fault_is_seen_and_gone_once_it_is_healed()
    {
        var seed = Environment.GetEnvironmentVariable("SALVOR_TEST_SEED") is { Length: > 0 } given
            ? int.Parse(given, provider: null)
            : Environment.TickCount;
        Tell($"SALVOR_TEST_SEED={seed}");
        var faults = FaultTable.All.ToArray();
        new Random(seed).Shuffle(faults);
        var failures = new List<string>();
        await fixture.FreshAsync();
        foreach (var fault in TestLevel.IsFull ? faults : faults[..Handful])
        {
            var start = Stopwatch.GetTimestamp();
            // On the cluster that the one before was healed on, which is to be as good as new.
            var failure = await Record.ExceptionAsync(() => TryAsync(fault));
            Cancel.ThrowIfCancellationRequested();
            var took = ClusterFixture.Seconds(Stopwatch.GetElapsedTime(start));
            Tell($"{fault.Name}: {failure?.Message ?? "ok"} ({took})");
            if (failure is not null)
            {
                failures.Add($"{fault.Name}: {failure.Message}");
                await fixture.FreshAsync();
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private async Task TryAsync(Fault fault)
    {
        await Wait.UntilAsync($"a cluster without {fault.Name}",
            async token => await fault.Observe(fixture.Lab, token) is null, ClusterFixture.Patience, Cancel);
        await fault.Inject(fixture.Lab, Cancel);
        var proof = await fault.Observe(fixture.Lab, Cancel);
        Assert.False(string.IsNullOrEmpty(proof), "It was injected, and nothing is to be seen of it.");
        Tell($"{fault.Name}: {proof}");

        await fault.Heal(fixture.Lab, Cancel);
        var healed = fixture.Lab.Cloud.Region.Time.Now;
        await Wait.UntilAsync($"an end of {fault.Name}",
            async token => await fault.Observe(fixture.Lab, token) is null, ClusterFixture.Patience, Cancel);
        await fixture.Cluster.ReadyAsync(healed, Cancel);
        await fixture.SteadyAsync();
    }

    private static void Tell(string text)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        ClusterFixture.Say(text);
    }
}
