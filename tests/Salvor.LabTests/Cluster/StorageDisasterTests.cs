using Salvor.Lab;
using Salvor.Lab.Faults;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// etcd's data is gone: what an unprotected cluster does with that, and how a protected one comes back.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class StorageDisasterTests(ClusterFixture fixture)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_protection_etcd_comes_up_empty_and_the_workers_pods_die()
    {
        await fixture.FreshAsync();
        Assert.Equal(2, (await fixture.WorkloadAsync()).Split('\n').Length);
        await FaultTable.Find("data-deleted-while-off").Inject(fixture.Lab, Cancel);
        var ready = await fixture.ApiReadyAsync();
        await Wait.UntilAsync("an API without pods", async token =>
            await fixture.Cluster.AskKubectlAsync("get pods --output=name", token) == "",
            ClusterFixture.Patience, Cancel);
        // An apiserver that lived through it still tells kubelets what it remembers, and a kubelet's watch waits for a
        // revision that the new cluster has not reached. Whoever begins anew gets the empty truth: both do here.
        await FaultTable.Find("apiserver-kill").Inject(fixture.Lab, Cancel);
        await fixture.ApiReadyAsync();
        await fixture.Cluster.Worker.ShellAsync("systemctl restart kubelet", Cancel);
        var took = await Wait.UntilAsync("the end of the worker's pods",
            async _ => await fixture.WorkloadAsync() == "", ClusterFixture.Patience, Cancel);
        fixture.Chronicle.Without("storage-lost",
            "etcd starts as a new, empty cluster, and the API serves it after "
            + $"{ClusterFixture.Seconds(ready)}. The worker's pods live until kube-apiserver and the worker's kubelet "
            + $"begin anew, as after a boot: {ClusterFixture.Seconds(took)} later it has stopped every one");
    }

    [Fact]
    public async Task With_it_etcd_refuses_the_pods_live_and_restore_brings_the_cluster_back()
    {
        await fixture.FreshAsync();
        await fixture.ProtectAsync();
        await fixture.BackUpAsync();
        var pods = await fixture.WorkloadAsync();
        var names = "";
        await Wait.UntilAsync("the names of the pods", async token =>
            (names = await fixture.Cluster.TryKubectlAsync("get pods --output=name", token)).Split('\n').Length == 3,
            ClusterFixture.Patience, Cancel);
        await FaultTable.Find("data-deleted-while-off").Inject(fixture.Lab, Cancel);
        await Wait.UntilAsync("etcd's refusal", RefusesAsync, ClusterFixture.Patience, Cancel);
        await fixture.PassAsync(5);
        Assert.Equal(pods, await fixture.WorkloadAsync());
        await Assert.ThrowsAsync<LabException>(() => fixture.ApiReadyAsync(TimeSpan.FromSeconds(3)));

        var start = fixture.Lab.Cloud.Region.Time.Now;
        await fixture.Control.ShellAsync(
            """
            mkdir -p /etc/kubernetes/stopped
            mv /etc/kubernetes/manifests/{etcd,kube-apiserver}.yaml /etc/kubernetes/stopped/
            """, Cancel);
        await Wait.UntilAsync("a restored data directory", async _ =>
        {
            // An etcd that is still ending has the directory, which is exit code 11.
            var result = await fixture.SalvorAsync(
                "restore --manifest /etc/kubernetes/stopped/etcd.yaml --quarantine --new-timeline");
            Assert.True(result.Code is 0 or 11, $"{result.Code}:\n{result.Output}\n{result.Error}");
            return result.Succeeded;
        }, ClusterFixture.Patience, Cancel);
        var restored = fixture.Lab.Cloud.Region.Time.Now - start;
        await fixture.Control.ShellAsync(
            "mv /etc/kubernetes/stopped/*.yaml /etc/kubernetes/manifests/ && systemctl restart kubelet", Cancel);
        await fixture.ApiReadyAsync();
        await fixture.Cluster.ReadyAsync(start + restored, Cancel);
        var ready = fixture.Lab.Cloud.Region.Time.Now - start;
        await Wait.UntilAsync("the same pods in the API", async token =>
            await fixture.Cluster.TryKubectlAsync("get pods --output=name", token) == names,
            ClusterFixture.Patience, Cancel);
        Assert.Equal(pods, await fixture.WorkloadAsync());
        fixture.Chronicle.With("storage-lost",
            "etcd refuses to start on an empty directory, and the pods go on. `salvor restore` puts the data back in "
            + $"{ClusterFixture.Seconds(restored)}; both nodes are Ready {ClusterFixture.Seconds(ready)} after it was "
            + "begun; same containers on the worker");
    }

    private async Task<bool> RefusesAsync(CancellationToken cancel)
    {
        var log = await fixture.Control.TryShellAsync(
            "tail -qn 3 /var/log/pods/kube-system_etcd-*/etcd/*.log", cancel);
        return log.Output.Contains("error validating peerURLs", StringComparison.Ordinal)
            || log.Output.Contains("cannot fetch cluster info from peer urls", StringComparison.Ordinal)
            || log.Output.Contains("couldn't find local name", StringComparison.Ordinal);
    }
}
