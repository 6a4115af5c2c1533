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

    private static readonly TimeSpan UpgradePatience = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_cluster_goes_on_and_a_second_run_changes_nothing()
    {
        await fixture.FreshAsync();
        var pods = await fixture.WorkloadAsync();
        await fixture.ProtectAsync();
        Assert.True(MutatingCalls() > 0);
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
        var alarm = fixture.Lab.Cloud.Do(_ => fixture.Lab.Cloud.Alarms.All.First());
        (string Item, Func<Task> Drift)[] drifts =
        [
            ("etcd-interlock", () => fixture.Control.ShellAsync(
                // Not in place: kubelet would see a second file in the directory for a moment.
                "sed /initial-cluster-state=existing/d /etc/kubernetes/manifests/etcd.yaml >/etc/kubernetes/etcd.new "
                + "&& mv /etc/kubernetes/etcd.new /etc/kubernetes/manifests/etcd.yaml", Cancel)),
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
            await drift();
            await fixture.InterlockAsync(isInForce: item != "etcd-interlock");
            var check = await fixture.SalvorAsync("protect --cloud aws --cluster lab --check --output json");
            Assert.Equal(22, check.Code);
            Assert.Equal([item], Differing(check.Output));
            await fixture.ProtectAsync();
            await fixture.ProtectAsync("--check");
        }
    }

    [Fact]
    public async Task The_interlock_outlives_a_kubeadm_upgrade()
    {
        await fixture.FreshAsync();
        await fixture.ProtectAsync();
        var pods = await fixture.WorkloadAsync();
        // The same version: the volume's type, which is not in kubeadm's configuration, makes the manifests differ, so
        // kubeadm writes etcd's anew, has kubelet restart it, and uploads the configuration again.
        var upgrade = await fixture.Control.TryShellAsync(
            """
            cat >/usr/local/bin/crictl <<'PROGRAM'
            #!/bin/sh
            # As much of crictl as kubeadm calls: crictl -r SOCKET inspecti IMAGE. There is no registry to pull from.
            [ "$3" = inspecti ] && ctr --namespace k8s.io images ls --quiet | grep -qxF "$4"
            PROGRAM
            chmod +x /usr/local/bin/crictl
            kubeadm upgrade apply "$(kubelet --version | cut -d' ' -f2)" --yes --force \
                --ignore-preflight-errors=ImagePull,CreateJob,CoreDNSUnsupportedPlugins,CoreDNSMigration
            """, Cancel, UpgradePatience);
        Assert.True(upgrade.Succeeded, $"kubeadm ended with {upgrade.Code}:\n{upgrade.Output}\n{upgrade.Error}");
        Assert.Contains("Component \"etcd\" upgraded successfully", upgrade.Output, StringComparison.Ordinal);
        await fixture.InterlockAsync(isInForce: true);
        var check = await fixture.SalvorAsync("protect --cloud aws --cluster lab --check --output json");
        Assert.Equal(22, check.Code);
        Assert.Equal(["etcd-interlock"], Differing(check.Output));
        Assert.Contains("DirectoryOrCreate", check.Output, StringComparison.Ordinal);
        await fixture.ProtectAsync();
        await fixture.ProtectAsync("--check");
        Assert.Equal(pods, await fixture.WorkloadAsync());
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
