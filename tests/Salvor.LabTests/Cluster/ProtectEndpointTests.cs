using Salvor.Lab;
using Salvor.Lab.Machines;

namespace Salvor.LabTests.Cluster;

/// <summary>
/// <c>salvor protect --endpoint</c> on the running cluster: everybody gets the name, and loses it again.
/// </summary>
[Collection(ClusterGroup.Name)]
public sealed class ProtectEndpointTests(ClusterFixture fixture)
{
    private const string Name = "stable.lab.internal";
    private const string Protect = $"protect --endpoint {Name}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Machine Worker => fixture.Cluster.Worker;

    [Fact]
    public async Task Everybody_gets_the_name_and_loses_it_again_and_the_pods_go_on()
    {
        await fixture.FreshAsync();
        foreach (var machine in (Machine[])[fixture.Control, Worker])
        {
            await machine.ShellAsync($"echo '{fixture.Cluster.EndpointAddress} {Name}' >>/etc/hosts", Cancel);
        }

        var pods = await fixture.WorkloadAsync();
        var before = await EverythingAsync();
        Assert.DoesNotContain(Name, before, StringComparison.Ordinal);

        await RunAsync(fixture.Control, $"{Protect} --yes");
        await fixture.InterlockAsync(isInForce: true);
        await RunAsync(Worker, $"{Protect} --yes");
        await GoesOnAsync(pods);
        Assert.Equal(Places, (await EverythingAsync()).Split('\n').Count(IsOfTheName));
        await RunAsync(fixture.Control, $"{Protect} --check");
        await RunAsync(Worker, $"{Protect} --check");

        await RunAsync(Worker, "protect --remove --yes");
        await RunAsync(fixture.Control, "protect --remove --yes");
        await fixture.InterlockAsync(isInForce: false);
        await GoesOnAsync(pods);
        Assert.Equal(before, await EverythingAsync());
    }

    /// <summary>
    /// The certificate, controlPlaneEndpoint and certSANs, cluster-info, kube-proxy's, admin.conf, and the worker's
    /// kubelet.conf.
    /// </summary>
    private const int Places = 7;

    private static bool IsOfTheName(string line) => line.Contains(Name, StringComparison.Ordinal);

    private static async Task RunAsync(Machine machine, string arguments)
    {
        var result = await machine.TryShellAsync($"salvor {arguments}", Cancel, ClusterFixture.Patience);
        Assert.True(
            result.Succeeded, $"salvor {arguments} ended with {result.Code}:\n{result.Output}\n{result.Error}");
    }

    /// <summary>Both nodes say from now on that they are Ready, kube-proxy is on each, no container is new.</summary>
    private async Task GoesOnAsync(string pods)
    {
        await fixture.SteadyAsync();
        await fixture.Cluster.ReadyAsync(fixture.Lab.Cloud.Region.Time.Now, Cancel);
        await Wait.UntilAsync("kube-proxy on both nodes", async token =>
            await fixture.Cluster.TryKubectlAsync(
                "get daemonset kube-proxy --namespace=kube-system "
                + "--output=jsonpath={.status.updatedNumberScheduled}/{.status.numberReady}", token) == "2/2",
            ClusterFixture.Patience, Cancel);
        Assert.Equal(pods, await fixture.WorkloadAsync());
    }

    /// <summary>All that the endpoint is written in, as text.</summary>
    private async Task<string> EverythingAsync() =>
        await fixture.Control.ShellAsync(
            """
            cd /etc/kubernetes
            cat admin.conf kubelet.conf controller-manager.conf scheduler.conf manifests/*.yaml
            openssl x509 -in pki/apiserver.crt -noout -serial -ext subjectAltName
            of() { kubectl --namespace "$1" get configmap "$2" --output "jsonpath={.data.$3}"; }
            of kube-system kubeadm-config ClusterConfiguration
            of kube-system kube-proxy 'kubeconfig\.conf'
            of kube-public cluster-info kubeconfig
            """, Cancel)
        + await Worker.ShellAsync("cat /etc/kubernetes/kubelet.conf", Cancel);
}
