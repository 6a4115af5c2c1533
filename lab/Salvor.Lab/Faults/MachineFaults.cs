using Salvor.Lab.Cloud.Model;
using Salvor.Lab.Cluster;

namespace Salvor.Lab.Faults;

/// <summary>Faults of the control plane's machine itself.</summary>
public static class MachineFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("machine-off", "the control plane's machine loses its power",
            (lab, cancel) => lab.Host.PowerOffAsync(lab.Cluster.ControlPlaneId, cancel),
            (lab, cancel) => lab.Cluster.SwitchOnAsync(cancel),
            (lab, _) => Task.FromResult(lab.Cluster.ControlPlane.IsOn ? null : "the machine is off")),
        new("machine-hang", "the control plane's machine stands still, and does not answer",
            (lab, cancel) => lab.Host.HangAsync(lab.Cluster.ControlPlaneId, true, cancel),
            (lab, cancel) => lab.Host.HangAsync(lab.Cluster.ControlPlaneId, false, cancel),
            (lab, _) => Task.FromResult(lab.Cluster.ControlPlane is { IsOn: true, IsFrozen: true }
                ? "the machine is on, and stands still" : null)),
        new("machine-stop", "the control plane's machine is stopped through the cloud's API",
            (lab, cancel) => StopAsync(lab, cancel),
            (lab, cancel) => lab.Cluster.SwitchOnAsync(cancel),
            (lab, _) => Task.FromResult(StateOf(lab) is InstanceState.Stopping or InstanceState.Stopped
                ? $"the cloud says {StateOf(lab)}" : null)),
        new("machine-terminate", "the control plane's machine is terminated, with its volume; mended by a reset",
            (lab, cancel) =>
            {
                lab.Cloud.Do(region => region.Terminate(lab.Cluster.ControlPlaneId, skipOsShutdown: true));
                return Wait.UntilAsync("a terminated machine", _ => Task.FromResult(!lab.Cluster.HasControlPlane),
                    TimeSpan.FromMinutes(2), cancel);
            },
            (lab, cancel) => lab.Cluster.HasControlPlane ? Task.CompletedTask : lab.Cluster.ResetAsync(cancel),
            (lab, _) => Task.FromResult(lab.Cluster.HasControlPlane ? null : "there is no machine any more")),
        new("address-changed", "the control plane's machine gets another address in its zone",
            (lab, cancel) => lab.Host.ChangeAddressAsync(lab.Cluster.ControlPlaneId, OtherAddress, cancel),
            (lab, cancel) => lab.Host.ChangeAddressAsync(lab.Cluster.ControlPlaneId, null, cancel),
            (lab, _) => Task.FromResult(lab.Host.AddressOf(lab.Cluster.ControlPlaneId) == OtherAddress
                ? $"its address is {OtherAddress}" : null)),
    ];

    private const string OtherAddress = "10.77.1.99";

    private static async Task StopAsync(Laboratory lab, CancellationToken cancel)
    {
        lab.Cloud.Do(region => region.Stop(lab.Cluster.ControlPlaneId, force: false, skipOsShutdown: false));
        await Wait.UntilAsync("a stopped machine", _ => Task.FromResult(StateOf(lab) == InstanceState.Stopped),
            TimeSpan.FromMinutes(3), cancel).ConfigureAwait(false);
    }

    private static InstanceState StateOf(Laboratory lab) =>
        lab.Cluster.InstanceOf(LabCluster.ControlPlaneName).State;
}
