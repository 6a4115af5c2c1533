using Salvor.Lab.Cluster;
using Salvor.Lab.Store;

namespace Salvor.Lab.Faults;

/// <summary>Faults of the network around the control plane.</summary>
public static class NetworkFaults
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("node-partition", "the control plane's cable is pulled",
            (lab, cancel) => lab.Host.UnplugAsync(lab.Cluster.ControlPlaneId, true, cancel),
            (lab, cancel) => lab.Host.UnplugAsync(lab.Cluster.ControlPlaneId, false, cancel),
            async (lab, cancel) =>
                await lab.Host.AnswersAsync(lab.Cluster.ControlPlaneId, Patience, cancel).ConfigureAwait(false)
                    ? null
                    : "nobody in its zone hears the machine"),
        new("zone-partition", "the control plane's zone is cut off from the others, and from the region's services",
            (lab, cancel) => lab.Fabric.PartitionAsync(1, true, cancel),
            (lab, cancel) => lab.Fabric.PartitionAsync(1, false, cancel),
            async (lab, cancel) =>
                await ReachesAsync(lab, $"https://{lab.Cluster.EndpointAddress}:6443/", cancel).ConfigureAwait(false)
                    ? null
                    : "the worker does not reach the endpoint"),
        new("store-partition", "nobody reaches the object store",
            (lab, cancel) => lab.Fabric.BlockServiceAsync(RegionStore.Port, true, cancel),
            (lab, cancel) => lab.Fabric.BlockServiceAsync(RegionStore.Port, false, cancel),
            async (lab, cancel) => await ReachesAsync(lab, RegionStore.Url, cancel).ConfigureAwait(false)
                ? null
                : "the worker does not reach the object store"),
    ];

    private static async Task<bool> ReachesAsync(Laboratory lab, string url, CancellationToken cancel)
    {
        var probe = await lab.Cluster.Named(LabCluster.WorkerName).TryAsync(
            ["curl", "--silent", "--insecure", "--connect-timeout", "2", "--output", "/dev/null", url], cancel)
            .ConfigureAwait(false);
        return probe.Succeeded;
    }
}
