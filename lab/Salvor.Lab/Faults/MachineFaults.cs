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
            OtherAddressAsync),
    ];

    private const string OtherAddress = "10.77.1.99";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static async Task StopAsync(Laboratory lab, CancellationToken cancel)
    {
        lab.Cloud.Do(region => region.Stop(lab.Cluster.ControlPlaneId, force: false, skipOsShutdown: false));
        await Wait.UntilAsync("a stopped machine", _ => Task.FromResult(StateOf(lab) == InstanceState.Stopped),
            TimeSpan.FromMinutes(3), cancel).ConfigureAwait(false);
    }

    /// <summary>What the machine itself has on its interface, and whether its zone hears it under that.</summary>
    private static async Task<string?> OtherAddressAsync(Laboratory lab, CancellationToken cancel)
    {
        if (lab.Cluster.ControlPlane is not { IsOn: true, IsFrozen: false } machine)
        {
            return null;
        }

        var shown = await machine.RunAsync(cancel, "ip", "-4", "-o", "address", "show", "dev", "eth0")
            .ConfigureAwait(false);
        var words = shown.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var addresses = words.Zip(words.Skip(1)).Where(pair => pair.First == "inet").Select(pair => pair.Second);
        return addresses.SequenceEqual([OtherAddress + "/24"])
            && await lab.Host.AnswersAsync(lab.Cluster.ControlPlaneId, Patience, cancel).ConfigureAwait(false)
                ? $"its only address is {OtherAddress}, and its zone hears it there"
                : null;
    }

    private static InstanceState StateOf(Laboratory lab) =>
        lab.Cluster.InstanceOf(LabCluster.ControlPlaneName).State;
}
