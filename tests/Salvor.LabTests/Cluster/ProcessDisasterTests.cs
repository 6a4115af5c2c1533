using Salvor.Lab;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>A process ends, and what the node has of its own starts it again: kubelet, and systemd.</summary>
[Collection(ClusterGroup.Name)]
public sealed class ProcessDisasterTests(ClusterFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(ClusterFixture.Sides), MemberType = typeof(ClusterFixture))]
    public async Task An_apiserver_that_is_killed_is_started_by_kubelet(bool isProtected)
    {
        await BeginAsync(isProtected);
        await fixture.KubeletAnewAsync();
        var pods = await fixture.WorkloadAsync();
        await FaultTable.Find("apiserver-kill").Inject(fixture.Lab, Cancel);
        var took = await fixture.ApiReadyAsync();
        await FaultTable.Find("apiserver-kill").Inject(fixture.Lab, Cancel);
        var again = await fixture.ApiReadyAsync();
        Assert.Equal(pods, await fixture.WorkloadAsync());
        Note("apiserver-kill", isProtected,
            $"kubelet starts it; the API is ready after {ClusterFixture.Seconds(took)}. Killed again at once, it is "
            + $"ready after {ClusterFixture.Seconds(again)}: kubelet waits 10 s before the second start, and twice as "
            + "long before each further one, up to 5 min. Same containers on the worker");
    }

    [Theory]
    [MemberData(nameof(ClusterFixture.Sides), MemberType = typeof(ClusterFixture))]
    public async Task A_kubelet_that_is_killed_is_started_by_systemd(bool isProtected)
    {
        await BeginAsync(isProtected);
        var before = await KubeletAsync();
        await FaultTable.Find("kubelet-kill").Inject(fixture.Lab, Cancel);
        var took = await Wait.UntilAsync("another kubelet",
            async _ => await KubeletAsync() is var now && now != "0" && now != before, ClusterFixture.Patience, Cancel);
        Note("kubelet-kill", isProtected, $"systemd starts it, after {ClusterFixture.Seconds(took)}");
    }

    private async Task BeginAsync(bool isProtected)
    {
        await fixture.FreshAsync();
        if (isProtected)
        {
            await fixture.ProtectAsync();
        }
    }

    private async Task<string> KubeletAsync() =>
        (await fixture.Control.ShellAsync("systemctl show --property MainPID --value kubelet", Cancel)).Trim();

    private void Note(string disaster, bool isProtected, string what)
    {
        if (isProtected)
        {
            fixture.Chronicle.With(disaster, what);
        }
        else
        {
            fixture.Chronicle.Without(disaster, what);
        }
    }
}
