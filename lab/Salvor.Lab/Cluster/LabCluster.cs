using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Salvor.Lab.Cloud;
using Salvor.Lab.Cloud.Model;
using Salvor.Lab.Machines;
using Salvor.Lab.Network;

namespace Salvor.Lab.Cluster;

/// <summary>
/// The cluster in the region, made by the cloud's own calls: a control plane with etcd's data on a volume, and a worker
/// in another zone. Its machines are found by their names, since an instance may be replaced.
/// </summary>
public sealed class LabCluster(CloudService cloud, NspawnHost host)
{
    public const string ControlPlaneName = "control";
    public const string WorkerName = "worker";
    public const string EtcdDevice = "/dev/sdf";
    private const string KubernetesVersion = "v1.20.2";
    private const int EtcdGiB = 2;
    private const int Replicas = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan CloudPatience = TimeSpan.FromMinutes(3);
    private string _checkpoint = "";

    public string ControlPlaneId => InstanceOf(ControlPlaneName).Id;

    public Machine ControlPlane => host.Find(ControlPlaneId);

    public Machine Worker => host.Find(InstanceOf(WorkerName).Id);

    /// <summary>The address behind the endpoint's name.</summary>
    public string EndpointAddress { get; private set; } = "";

    /// <summary>The volume that has etcd's data, as the cloud sees it now.</summary>
    public Volume EtcdVolume => cloud.Do(region => region.State.Volumes.Values.FirstOrDefault(
            volume => volume.Attachment is { Device: EtcdDevice } held && held.Instance == ControlPlaneId))
        ?? throw new LabException("The control plane has no volume for etcd.");

    /// <summary>The newest instance of a name that is not terminated.</summary>
    /// <exception cref="LabException">There is none.</exception>
    public Instance InstanceOf(string name) => cloud.Do(region => region.State.Instances.Values.LastOrDefault(
            one => one.Tags.GetValueOrDefault("Name") == name && one.State != InstanceState.Terminated))
        ?? throw new LabException($"There is no machine '{name}'.");

    /// <summary>Whether there is one at all: an instance may have been terminated.</summary>
    public bool HasControlPlane => cloud.Do(region => region.State.Instances.Values.Any(
        one => one.Tags.GetValueOrDefault("Name") == ControlPlaneName && one.State != InstanceState.Terminated));

    public Machine Named(string name) => host.Find(InstanceOf(name).Id);

    /// <summary>Starts the cluster's machines; returns when both nodes are Ready.</summary>
    /// <param name="say">Told of each step.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task StartAsync(Action<string> say, CancellationToken cancel)
    {
        var address = cloud.Do(region => region.Allocate(NameTag("endpoint")));
        EndpointAddress = address.PublicAddress;
        say("starting the machines of the control plane and the worker");
        Launch(ControlPlaneName, "ami-bare", UserData.OfControlPlane(Settings(ControlPlaneName)), snapshot: null);
        Launch(WorkerName, "ami-bare", UserData.OfWorker(Settings(WorkerName)), snapshot: null);
        await RunningAsync(cancel).ConfigureAwait(false);
        say("waiting for kubeadm init, kubeadm join and two Ready nodes");
        await ReadyAsync(DateTimeOffset.MinValue, cancel).ConfigureAwait(false);
    }

    /// <summary>Runs a pod or two on the worker; returns when they run.</summary>
    public async Task StartWorkloadAsync(CancellationToken cancel)
    {
        var manifest = Convert.ToBase64String(Encoding.UTF8.GetBytes(UserData.Read("workload.yaml")));
        await ControlPlane.ShellAsync($"echo {manifest} | base64 -d | kubectl apply -f -", cancel)
            .ConfigureAwait(false);
        await WorkloadRunsAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The workload's containers on the worker: id, process, and when that started, a line each.</summary>
    public async Task<string> WorkloadAsync(CancellationToken cancel) => (await Worker.ShellAsync(
        """
        for id in $(ctr -n k8s.io containers ls -q 'labels."io.kubernetes.container.name"==web'); do
            pid=$(ctr -n k8s.io tasks ls | awk -v id="$id" '$1 == id && $3 == "RUNNING" { print $2 }')
            [ -z "$pid" ] || echo "$id $pid $(awk '{ print $22 }' /proc/$pid/stat)"
        done | sort
        """, cancel).ConfigureAwait(false)).Trim();

    /// <summary>Keeps disks and volume as they are now, for <see cref="ResetAsync"/>.</summary>
    public async Task CheckpointAsync(CancellationToken cancel)
    {
        var snapshot = cloud.Do(region => region.CreateSnapshot(
            EtcdVolume.Id, "the cluster when it was made", NameTag("checkpoint")).Id);
        await Wait.UntilAsync("a completed snapshot", _ => Task.FromResult(cloud.Do(
            region => region.State.Snapshots[snapshot].State == "completed")), CloudPatience, cancel)
            .ConfigureAwait(false);
        foreach (var name in (string[])[ControlPlaneName, WorkerName])
        {
            await host.CreateImageAsync(ImageOf(name), InstanceOf(name).Id, cancel).ConfigureAwait(false);
        }

        _checkpoint = snapshot;
    }

    /// <summary>
    /// Puts the cluster back to its checkpoint, whatever was done to it: new instances from its images and its
    /// snapshot, under the old addresses. Everything else in the region is removed. Returns when both nodes are Ready
    /// again.
    /// </summary>
    public async Task ResetAsync(CancellationToken cancel)
    {
        if (_checkpoint == "")
        {
            throw new LabException("There is no checkpoint to go back to.");
        }

        cloud.Do(region => region.EndFaults());
        cloud.Do(_ => cloud.Alarms.Delete([.. cloud.Alarms.All.Select(alarm => alarm.Name)]));
        cloud.Do(region => region.State.Instances.Values.ToList().ForEach(one =>
        {
            region.Update(one with { DisableApiTermination = false });
            region.Terminate(one.Id, skipOsShutdown: true);
        }));
        await Wait.UntilAsync("terminated instances", _ => Task.FromResult(cloud.Do(region =>
            region.State.Instances.Values.All(one => one.State == InstanceState.Terminated))), CloudPatience, cancel)
            .ConfigureAwait(false);
        cloud.Do(Clear);
        cloud.ForgetHostFailure();
        Launch(ControlPlaneName, ImageOf(ControlPlaneName), userData: [], _checkpoint);
        Launch(WorkerName, ImageOf(WorkerName), userData: [], snapshot: null);
        var since = cloud.Region.Time.Now;
        await RunningAsync(cancel).ConfigureAwait(false);
        await ReadyAsync(since, cancel).ConfigureAwait(false);
        await WorkloadRunsAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Takes the control plane's power away, and waits until the cloud says stopped.</summary>
    public async Task SwitchOffAsync(CancellationToken cancel)
    {
        cloud.Do(region => region.Stop(ControlPlaneId, force: true, skipOsShutdown: true));
        await StateAsync(InstanceState.Stopped, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts the control plane's machine if it is off, whatever put it off; on another host if its own died.
    /// </summary>
    public async Task SwitchOnAsync(CancellationToken cancel)
    {
        if (InstanceOf(ControlPlaneName) is { State: InstanceState.Running, IsHostUp: false } or
            { State: InstanceState.Stopping })
        {
            await SwitchOffAsync(cancel).ConfigureAwait(false);
        }
        else if (InstanceOf(ControlPlaneName).State == InstanceState.Running && !ControlPlane.IsOn)
        {
            // The cloud is about to notice.
            await StateAsync(InstanceState.Stopped, cancel).ConfigureAwait(false);
        }

        cloud.Do(region => region.Start(ControlPlaneId));
        await StateAsync(InstanceState.Running, cancel).ConfigureAwait(false);
    }

    /// <summary>What kubectl prints on the control plane; empty when the API does not answer.</summary>
    public async Task<string> TryKubectlAsync(string arguments, CancellationToken cancel) =>
        await AskKubectlAsync(arguments, cancel).ConfigureAwait(false) ?? "";

    /// <summary>What kubectl prints on the control plane; null when the API does not answer.</summary>
    public async Task<string?> AskKubectlAsync(string arguments, CancellationToken cancel)
    {
        if (InstanceOf(ControlPlaneName).State != InstanceState.Running
            || ControlPlane is not { IsOn: true, IsFrozen: false } machine)
        {
            return null;
        }

        var result = await machine.TryAsync(
            ["/opt/kubernetes/kubectl", "--kubeconfig=/etc/kubernetes/admin.conf", "--request-timeout=5s",
                .. arguments.Split(' ')], cancel, TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        return result.Succeeded ? result.Output : null;
    }

    /// <summary>
    /// Returns when both nodes are Ready and have said so after an instant: what the database tells of the time before
    /// its machines stopped proves nothing.
    /// </summary>
    /// <returns>How long it took.</returns>
    public Task<TimeSpan> ReadyAsync(DateTimeOffset since, CancellationToken cancel) =>
        Wait.UntilAsync("two Ready nodes", async token =>
        {
            var nodes = await TryKubectlAsync("get nodes --no-headers", token).ConfigureAwait(false);
            var leases = await TryKubectlAsync(
                "get lease --namespace=kube-node-lease --output=jsonpath={.items[*].spec.renewTime}", token)
                .ConfigureAwait(false);
            return nodes.Split('\n').Count(line => line.Contains(" Ready ", StringComparison.Ordinal)) == 2
                && leases.Split(' ').Count(text => DateTimeOffset.TryParse(
                    text, CultureInfo.InvariantCulture, out var renewed) && renewed > since) == 2;
        }, Patience, cancel);

    private Task<TimeSpan> StateAsync(InstanceState state, CancellationToken cancel) => Wait.UntilAsync(
        $"a control plane that is {state}", _ => Task.FromResult(InstanceOf(ControlPlaneName).State == state),
        CloudPatience, cancel);

    /// <summary>
    /// Returns when the API says that the workload runs, and the worker has its containers: after a reset the API tells
    /// of the checkpoint's, until the worker's kubelet has started them anew.
    /// </summary>
    private async Task WorkloadRunsAsync(CancellationToken cancel)
    {
        var before = "";
        await Wait.UntilAsync("the workload's containers", async token =>
        {
            var now = await WorkloadAsync(token).ConfigureAwait(false);
            var pods = await TryKubectlAsync("get pods -l app=web --no-headers", token).ConfigureAwait(false);
            var isSteady = now == before && now.Split('\n').Length == Replicas
                && pods.Split('\n').Count(line => line.Contains(" Running ", StringComparison.Ordinal)) == Replicas;
            before = now;
            return isSteady;
        }, Patience, cancel).ConfigureAwait(false);
    }

    private NodeSettings Settings(string name) => new(
        name, AddressOf(name), EndpointAddress, $"10.244.{ZoneOf(name)}.0/24", KubernetesVersion);

    private void Launch(string name, string image, byte[] userData, string? snapshot)
    {
        var order = new InstanceOrder(image, "m5.large", Laboratory.Zones[ZoneOf(name) - 1])
        {
            PrivateAddress = AddressOf(name),
            UserData = Convert.ToBase64String(userData),
            Tags = NameTag(name),
            VolumeTags = NameTag(name),
            Disks = name == ControlPlaneName
                ? [new DiskOrder(EtcdDevice, EtcdGiB, snapshot, DeleteOnTermination: true)]
                : [],
        };
        cloud.Do(region => region.Run(order));
    }

    /// <summary>Waits until both machines run, and leads the endpoint's address to the control plane.</summary>
    private async Task RunningAsync(CancellationToken cancel)
    {
        await Wait.UntilAsync("running machines", _ =>
        {
            var states = ((string[])[ControlPlaneName, WorkerName]).Select(name => InstanceOf(name).State).ToList();
            return states.Contains(InstanceState.Stopped)
                ? throw new LabException($"A machine did not start: {cloud.LastHostFailure?.Message}")
                : Task.FromResult(states.TrueForAll(state => state == InstanceState.Running));
        }, CloudPatience, cancel).ConfigureAwait(false);
        cloud.Do(region => region.Associate(
            region.State.Addresses.Values.First(one => one.PublicAddress == EndpointAddress).Id,
            ControlPlaneId, allowReassociation: true));
    }

    /// <summary>Deletes the volumes and snapshots that are not the checkpoint's.</summary>
    private void Clear(Region region)
    {
        foreach (var volume in region.State.Volumes.Values.Where(one => one.State == "available").ToList())
        {
            region.DeleteVolume(volume.Id);
        }

        foreach (var snapshot in region.State.Snapshots.Keys.Where(id => id != _checkpoint).ToList())
        {
            region.DeleteSnapshot(snapshot);
        }
    }

    private static int ZoneOf(string name) => name == ControlPlaneName ? 1 : 2;

    private static string AddressOf(string name) => Fabric.Address(ZoneOf(name), 10);

    private static string ImageOf(string name) => $"ami-{name}";

    private static ImmutableDictionary<string, string> NameTag(string name) =>
        ImmutableDictionary<string, string>.Empty.Add("Name", name);
}
