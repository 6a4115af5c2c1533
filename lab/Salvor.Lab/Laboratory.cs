using System.Diagnostics;
using Salvor.Lab.Cli;
using Salvor.Lab.Cloud;
using Salvor.Lab.Cluster;
using Salvor.Lab.Host;
using Salvor.Lab.Machines;
using Salvor.Lab.Network;

namespace Salvor.Lab;

/// <summary>A region in a box with a cluster in it: one control plane, one worker in another zone.</summary>
public sealed class Laboratory : IAsyncDisposable
{
    /// <summary>The address behind the endpoint's name.</summary>
    public const string EndpointAddress = "10.77.200.1";

    public const string ControlPlaneName = "control";
    public const string WorkerName = "worker";
    private const string EtcdDevice = "/dev/sdf";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ClusterPatience = TimeSpan.FromMinutes(4);

    /// <summary>The zones of the region. The control plane is in the first, the worker in the second.</summary>
    private static readonly string[] AllZones = ["lab-1a", "lab-1b", "lab-1c"];

    private Laboratory(LabPaths paths, MachineImage image)
    {
        Paths = paths;
        Fabric = new Fabric(paths);
        Host = new NspawnHost(paths, image, Fabric, AllZones);
    }

    public static IReadOnlyList<string> Zones => AllZones;

    public LabPaths Paths { get; }

    public Fabric Fabric { get; }

    public NspawnHost Host { get; }

    public Machine ControlPlane => Host.Find(ControlPlaneId);

    public Machine Worker => Host.Find(WorkerId);

    public string ControlPlaneId { get; } = "i-0000000000000c001";

    public string WorkerId { get; } = "i-0000000000000d001";

    public string EtcdVolume { get; } = "vol-0000000000000e001";

    /// <summary>Removes what an earlier lab of this name left, and makes the region, without machines.</summary>
    public static async Task<Laboratory> CreateAsync(LabPaths paths, MachineImage image, CancellationToken cancel)
    {
        if (LabOwner.Find(paths) is { } owner)
        {
            throw new LabException($"The lab '{paths.Name}' runs already, as process {owner}. End it: lab/lab down");
        }

        await Sweep.RunAsync(paths, cancel).ConfigureAwait(false);
        Directory.CreateDirectory(paths.Run);
        Directory.CreateDirectory(paths.Disks);
        new ControlGroups(paths.ControlGroup).Create();
        await LabOwner.RecordAsync(paths, cancel).ConfigureAwait(false);
        var lab = new Laboratory(paths, image);
        await lab.Fabric.CreateAsync(AllZones.Length, cancel).ConfigureAwait(false);
        return lab;
    }

    /// <summary>Starts the cluster's machines; returns when both nodes are Ready.</summary>
    /// <param name="say">Told of each step.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task StartClusterAsync(Action<string> say, CancellationToken cancel)
    {
        say("starting the control plane's machine");
        await LaunchAsync(ControlPlaneId, ControlPlaneName, zone: 1, UserData.OfControlPlane, cancel)
            .ConfigureAwait(false);
        await Host.CreateVolumeAsync(EtcdVolume, 2, snapshot: null, cancel).ConfigureAwait(false);
        await Host.AttachAsync(EtcdVolume, ControlPlaneId, EtcdDevice, cancel).ConfigureAwait(false);
        await Host.MoveAddressAsync(EndpointAddress, ControlPlaneId, cancel).ConfigureAwait(false);
        await Host.PowerOnAsync(ControlPlaneId, cancel).ConfigureAwait(false);
        say("starting the worker's machine");
        await LaunchAsync(WorkerId, WorkerName, zone: 2, UserData.OfWorker, cancel).ConfigureAwait(false);
        await Host.PowerOnAsync(WorkerId, cancel).ConfigureAwait(false);
        say("waiting for kubeadm init, kubeadm join and two Ready nodes");
        await WaitAsync("two Ready nodes", ReadyNodesAsync(2), ClusterPatience, cancel).ConfigureAwait(false);
    }

    /// <summary>Runs a pod or two on the worker; returns when they run.</summary>
    public async Task StartWorkloadAsync(CancellationToken cancel)
    {
        var manifest = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(UserData.Read("workload.yaml")));
        await ControlPlane.ShellAsync($"echo {manifest} | base64 -d | kubectl apply -f -", cancel)
            .ConfigureAwait(false);
        await WaitAsync("the workload's pods",
            async token => (await TryKubectlAsync("get pods -l app=web --no-headers", token).ConfigureAwait(false))
                .Split('\n').Count(line => line.Contains(" Running ", StringComparison.Ordinal)) == 2,
            ClusterPatience, cancel).ConfigureAwait(false);
    }

    /// <summary>What kubectl prints on the control plane; empty when the API does not answer.</summary>
    public async Task<string> TryKubectlAsync(string arguments, CancellationToken cancel)
    {
        if (!ControlPlane.IsOn || ControlPlane.IsFrozen)
        {
            return "";
        }

        var result = await ControlPlane.TryAsync(
            ["/opt/kubernetes/kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", "--request-timeout=5s",
                .. arguments.Split(' ')], cancel, TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        return result.Succeeded ? result.Output : "";
    }

    /// <summary>A machine by its name.</summary>
    /// <exception cref="LabException">There is none.</exception>
    public Machine Named(string name) =>
        Host.Orders.FirstOrDefault(order => order.Tags["Name"] == name) is { } order
            ? Host.Find(order.Instance)
            : throw new LabException($"There is no machine '{name}'.");

    /// <summary>Waits until something is so.</summary>
    /// <exception cref="LabException">It was not so in time.</exception>
    public static async Task WaitAsync(
        string what, Func<CancellationToken, Task<bool>> isSo, TimeSpan patience, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await isSo(cancel).ConfigureAwait(false))
        {
            if (Stopwatch.GetElapsedTime(start) > patience)
            {
                throw new LabException($"No sign of {what} after {patience.TotalSeconds:0} s.");
            }

            await Task.Delay(Pause, cancel).ConfigureAwait(false);
        }
    }

    public Func<CancellationToken, Task<bool>> ReadyNodesAsync(int count) => async token =>
        (await TryKubectlAsync("get nodes --no-headers", token).ConfigureAwait(false))
            .Split('\n').Count(line => line.Contains(" Ready ", StringComparison.Ordinal)) >= count;

    public async ValueTask DisposeAsync() =>
        await Sweep.RunAsync(Paths, CancellationToken.None).ConfigureAwait(false);

    private Task LaunchAsync(
        string id, string name, int zone, Func<NodeSettings, byte[]> userData, CancellationToken cancel)
    {
        var address = Fabric.Address(zone, 10);
        var settings = new NodeSettings(name, address, EndpointAddress, $"10.244.{zone}.0/24", "v1.20.2");
        var order = new MachineOrder(
            id, AllZones[zone - 1], address, userData(settings), new Dictionary<string, string> { ["Name"] = name });
        return Host.CreateAsync(order, cancel);
    }
}
