using Salvor.Lab;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>The control plane's zone is cut off: both sides' view.</summary>
[Collection(ClusterGroup.Name)]
public sealed class PartitionTests(ClusterFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ClusterFixture.Sides), MemberType = typeof(ClusterFixture))]
    public async Task A_partition_leaves_the_API_on_one_side_and_the_pods_on_the_other(bool isProtected)
    {
        await fixture.FreshAsync();
        if (isProtected)
        {
            await fixture.ProtectAsync();
            await fixture.PassAsync(2);
        }

        var init = fixture.Control.Init;
        var pods = await fixture.WorkloadAsync();
        await FaultTable.Find("zone-partition").Inject(fixture.Lab, Cancel);
        var lost = await Wait.UntilAsync("a worker that is NotReady", async token =>
            (await fixture.Cluster.TryKubectlAsync("get node worker --no-headers", token))
                .Contains(" NotReady ", StringComparison.Ordinal), ClusterFixture.Patience, Cancel);
        Assert.NotNull(await FaultTable.Find("zone-partition").Observe(fixture.Lab, Cancel));
        Assert.Equal(pods, await fixture.WorkloadAsync());
        // The instance check is made within the zone, so no alarm takes the partition for a hung machine.
        Assert.Equal(init, fixture.Control.Init);

        await FaultTable.Find("zone-partition").Heal(fixture.Lab, Cancel);
        var healed = fixture.Lab.Cloud.Region.Time.Now;
        var ready = await fixture.Cluster.ReadyAsync(healed, Cancel);
        Assert.Equal(pods, await fixture.WorkloadAsync());
        var what = "inside: the API serves, and calls the worker NotReady after "
            + $"{ClusterFixture.Seconds(lost)}; outside: nobody reaches the API, and the worker's containers go on, "
            + $"the same; healed, both are Ready after {ClusterFixture.Seconds(ready)}";
        if (isProtected)
        {
            fixture.Chronicle.With("zone-partition", what + "; no alarm acts");
        }
        else
        {
            fixture.Chronicle.Without("zone-partition", what);
        }
    }
}
