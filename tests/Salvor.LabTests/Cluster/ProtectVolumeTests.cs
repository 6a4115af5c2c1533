using System.Text.Json;
using Salvor.Lab;
using Salvor.Lab.Cluster;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// <c>salvor protect --cloud aws --etcd-volume new</c> from inside a machine: a volume is made, and etcd moves.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class ProtectVolumeTests(ClusterFixture fixture)
{
    private const string Protect = "protect --cloud aws --cluster lab";
    private const string Move = $"{Protect} --etcd-volume new --yes";
    private const string Policy =
        "protect --print-policy protect --policy-region eu-central-1 --policy-account 123456789012 "
        + "--policy-cluster lab";

    /// <summary>What AWS asks for, and no call of ours has as its name.</summary>
    private static readonly string[] Implied =
        ["CreateServiceLinkedRole", "CreateTags", "DescribeInstanceStatus", "RebootInstances"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_move_that_fails_goes_back_and_the_next_one_takes_the_same_volume()
    {
        await fixture.FreshAsync();
        await OntoTheBootDiskAsync();
        var pods = await fixture.WorkloadAsync();
        var calls = fixture.Lab.Cloud.Requests.Entries.Count;

        await fixture.Control.ShellAsync(
            """
            mkdir -p /etc/systemd/system/var-lib-etcd.mount.d
            printf '[Mount]\nOptions=no-such-option\n' >/etc/systemd/system/var-lib-etcd.mount.d/drill.conf
            """, Cancel);
        var failed = await fixture.SalvorAsync(Move);
        var said = failed.Output + failed.Error;
        Assert.True(failed.Code == 1 && said.Contains("It was rolled back", StringComparison.Ordinal),
            $"salvor {Move} ended with {failed.Code}:\n{said}");
        await fixture.InterlockAsync(isInForce: true);
        Assert.Equal("", await DeviceAsync());
        Assert.Equal(pods, await fixture.WorkloadAsync());
        var made = Assert.Single(Volumes());

        await fixture.Control.ShellAsync("rm -r /etc/systemd/system/var-lib-etcd.mount.d", Cancel);
        await RunAsync(Move);
        await fixture.InterlockAsync(isInForce: true);
        Assert.Equal(LabCluster.EtcdDevice, await DeviceAsync());
        Assert.Equal(made, Assert.Single(Volumes()));
        Assert.Equal(made, fixture.Cluster.EtcdVolume.Id);
        Assert.False(fixture.Cluster.EtcdVolume.Attachment!.DeleteOnTermination);
        Assert.Equal(pods, await fixture.WorkloadAsync());
        await RunAsync($"{Protect} --etcd-volume --check");

        await fixture.Cluster.SwitchOffAsync(Cancel);
        await fixture.Cluster.SwitchOnAsync(Cancel);
        await fixture.Cluster.ReadyAsync(fixture.Lab.Cloud.Region.Time.Now, Cancel);
        Assert.Equal(LabCluster.EtcdDevice, await DeviceAsync());
        Assert.Equal(pods, await fixture.WorkloadAsync());

        fixture.Lab.Cloud.Do(region => region.Update(region.RequireVolume(made) with
        {
            Attachment = region.RequireVolume(made).Attachment! with { DeleteOnTermination = true },
        }));
        await RunAsync($"{Protect} --yes");
        Assert.False(fixture.Cluster.EtcdVolume.Attachment!.DeleteOnTermination);
        await RunAsync($"{Protect} --remove --yes");
        await fixture.InterlockAsync(isInForce: false);
        Assert.Equal(LabCluster.EtcdDevice, await DeviceAsync());
        await AsksForWhatThePolicyAllowsAsync(calls);
    }

    /// <summary>Every call that was made is in the policy, and nothing is in it that was not needed.</summary>
    private async Task AsksForWhatThePolicyAllowsAsync(int callsBefore)
    {
        var printed = await fixture.SalvorAsync(Policy);
        Assert.True(printed.Succeeded, printed.Error);
        using var policy = JsonDocument.Parse(printed.Output);
        var allowed = policy.RootElement.GetProperty("Statement").EnumerateArray()
            .SelectMany(statement => statement.GetProperty("Action").EnumerateArray())
            .Select(action => action.GetString()!.Split(':')[1]);
        var asked = fixture.Lab.Cloud.Requests.Entries.Skip(callsBefore).Select(entry => entry.Action).Distinct();
        Assert.Equal(allowed.Order(StringComparer.Ordinal), asked.Concat(Implied).Order(StringComparer.Ordinal));
    }

    /// <summary>etcd's data where kubeadm puts it: on the disk that the machine boots from.</summary>
    private async Task OntoTheBootDiskAsync()
    {
        await fixture.Control.ShellAsync(
            """
            set -e
            mv /etc/kubernetes/manifests/etcd.yaml /root/etcd.yaml
            runs() { cat /proc/[0-9]*/comm 2>/dev/null | grep -qx etcd; }
            while runs; do sleep 0.2; done
            cp -a /var/lib/etcd /root/data
            rm -rf /root/data/lost+found
            systemctl disable --now var-lib-etcd.mount
            rm /etc/systemd/system/var-lib-etcd.mount
            systemctl daemon-reload
            cp -a /root/data/. /var/lib/etcd/
            mv /root/etcd.yaml /etc/kubernetes/manifests/
            """, Cancel);
        var volume = fixture.Cluster.EtcdVolume.Id;
        fixture.Lab.Cloud.Do(region => region.Detach(volume, null, force: false));
        await Wait.UntilAsync("a detached volume", _ => Task.FromResult(fixture.Lab.Cloud.Do(
            region => region.RequireVolume(volume).State == "available")), ClusterFixture.Patience, Cancel);
        fixture.Lab.Cloud.Do(region => region.DeleteVolume(volume));
        await Wait.UntilAsync("the end of a volume", _ => Task.FromResult(Volumes().Count == 0),
            ClusterFixture.Patience, Cancel);
        await fixture.SteadyAsync();
    }

    /// <summary>The volumes besides those that machines boot from.</summary>
    private List<string> Volumes() => fixture.Lab.Cloud.Do(region => region.State.Volumes.Values
        .Where(one => one.RootOf is null).Select(one => one.Id).ToList());

    /// <summary>The device with etcd's data; empty while that is on the disk that the machine boots from.</summary>
    private async Task<string> DeviceAsync() => (await fixture.Control.ShellAsync(
        "findmnt --noheadings --first-only --output SOURCE --mountpoint /var/lib/etcd || true", Cancel)).Trim();

    private async Task RunAsync(string arguments)
    {
        var result = await fixture.SalvorAsync(arguments);
        Assert.True(
            result.Succeeded, $"salvor {arguments} ended with {result.Code}:\n{result.Output}\n{result.Error}");
    }
}
