namespace Salvor.LabTests.Cluster;

/// <summary>
/// <c>salvor protect</c> on the running cluster: it goes on, twice is once, and one drift is one repair.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class ProtectTests(ClusterFixture fixture)
{
    private const string Unchanged =
        "stat -c '%n %i %Y %Z' /etc/kubernetes/manifests/*.yaml /var/lib/salvor/* "
        + "/etc/systemd/system/kubelet.service.d/*; "
        + "kubectl -n kube-system get cm kubeadm-config -o jsonpath={.metadata.resourceVersion}";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_cluster_goes_on_and_a_second_run_changes_nothing()
    {
        await fixture.FreshAsync();
        var pods = await fixture.WorkloadAsync();
        await fixture.ProtectAsync();
        Assert.True(MutatingCalls() > 0);
        await fixture.ApiReadyAsync(Patience);
        Assert.Equal(pods, await fixture.WorkloadAsync());

        var files = await fixture.Control.ShellAsync(Unchanged, Cancel);
        var calls = MutatingCalls();
        await fixture.ProtectAsync("--yes");
        await fixture.ProtectAsync("--check");
        Assert.Equal(calls, MutatingCalls());
        Assert.Equal(files, await fixture.Control.ShellAsync(Unchanged, Cancel));
    }

    [Fact]
    public async Task Of_each_attribute_that_drifts_exactly_that_one_is_repaired()
    {
        await fixture.FreshAsync();
        await fixture.ProtectAsync();
        await fixture.ApiReadyAsync(Patience);
        var alarm = fixture.Lab.Cloud.Do(_ => fixture.Lab.Cloud.Alarms.All.First());
        (string Item, Func<Task> Drift)[] drifts =
        [
            ("etcd-interlock", () => fixture.Control.ShellAsync(
                "sed -i /initial-cluster-state=existing/d /etc/kubernetes/manifests/etcd.yaml", Cancel)),
            ("kubelet-unit", () => fixture.Control.ShellAsync(
                "printf '[Service]\\nRestart=no\\n' >/etc/systemd/system/kubelet.service.d/15-drift.conf", Cancel)),
            ("kubeadm-config", () => fixture.Control.ShellAsync(
                "kubectl -n kube-system get cm kubeadm-config -o yaml "
                + "| sed 's/initial-cluster-state: existing/initial-cluster-state: new/' "
                + "| kubectl replace -f -", Cancel)),
            ("reboot-alarm", () =>
            {
                fixture.Lab.Cloud.Do(_ => fixture.Lab.Cloud.Alarms.Put(alarm with { EvaluationPeriods = 5 }));
                return Task.CompletedTask;
            }),
        ];
        foreach (var (item, drift) in drifts)
        {
            await fixture.ApiReadyAsync(Patience);
            await drift();
            await fixture.ApiReadyAsync(Patience);
            var check = await fixture.SalvorAsync("protect --cloud aws --cluster lab --check --output json");
            Assert.Equal(22, check.Code);
            Assert.Equal([item], Differing(check.Output));
            await fixture.ProtectAsync();
            await fixture.ApiReadyAsync(Patience);
            await fixture.ProtectAsync("--check");
        }
    }

    [Fact]
    public async Task The_interlock_outlives_a_kubeadm_upgrade()
    {
        await fixture.FreshAsync();
        await fixture.ProtectAsync();
        await fixture.ApiReadyAsync(Patience);
        var manifest = "/etc/kubernetes/manifests/etcd.yaml";
        var before = await fixture.Control.ShellAsync($"stat -c %i {manifest}", Cancel);
        // What an upgrade does to etcd's manifest: kubeadm writes it anew from the configuration in the cluster.
        await fixture.Control.ShellAsync(
            "kubectl -n kube-system get cm kubeadm-config -o jsonpath={.data.ClusterConfiguration} >/root/kept.yaml && "
            + $"rm {manifest} && kubeadm init phase etcd local --config /root/kept.yaml", Cancel);
        Assert.NotEqual(before, await fixture.Control.ShellAsync($"stat -c %i {manifest}", Cancel));
        await fixture.Control.ShellAsync($"grep -- --initial-cluster-state=existing {manifest}", Cancel);
        await fixture.ApiReadyAsync(Patience);
    }

    private static IEnumerable<string> Differing(string json)
    {
        using var report = System.Text.Json.JsonDocument.Parse(json);
        return [.. report.RootElement.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("state").GetString() == "differs")
            .Select(item => item.GetProperty("name").GetString()!)];
    }

    private int MutatingCalls() => fixture.Lab.Cloud.Requests.Entries.Count(entry => entry.IsMutating);
}
