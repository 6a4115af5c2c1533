namespace Salvor.Lab.Faults;

/// <summary>Faults of the machine itself, and of the network around it.</summary>
public static class MachineFaults
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("machine-off", "the control plane's machine loses its power",
            (lab, cancel) => lab.Host.PowerOffAsync(lab.ControlPlaneId, cancel),
            (lab, cancel) =>
                lab.ControlPlane.IsOn ? Task.CompletedTask : lab.Host.PowerOnAsync(lab.ControlPlaneId, cancel),
            (lab, _) => Task.FromResult(lab.ControlPlane.IsOn ? null : "the machine is off")),
        new("machine-hang", "the control plane's machine stands still, and does not answer",
            (lab, cancel) => lab.Host.HangAsync(lab.ControlPlaneId, true, cancel),
            (lab, cancel) => lab.Host.HangAsync(lab.ControlPlaneId, false, cancel),
            (lab, _) => Task.FromResult(lab.ControlPlane.IsFrozen ? "the machine is on, and stands still" : null)),
        new("node-partition", "the control plane's cable is pulled",
            (lab, cancel) => lab.Fabric.SetLinkAsync(lab.ControlPlaneId, false, cancel),
            (lab, cancel) => lab.Fabric.SetLinkAsync(lab.ControlPlaneId, true, cancel),
            async (lab, cancel) =>
                await lab.Host.AnswersAsync(lab.ControlPlaneId, Patience, cancel).ConfigureAwait(false)
                    ? null
                    : "nobody in its zone hears the machine"),
        new("zone-partition", "the control plane's zone is cut off from the others",
            (lab, cancel) => lab.Fabric.PartitionAsync(1, true, cancel),
            (lab, cancel) => lab.Fabric.PartitionAsync(1, false, cancel),
            async (lab, cancel) => await WorkerReachesAsync(lab, cancel).ConfigureAwait(false)
                ? null
                : "the worker does not reach the endpoint"),
    ];

    private static async Task<bool> WorkerReachesAsync(Laboratory lab, CancellationToken cancel)
    {
        var probe = await lab.Worker.TryAsync(
            ["curl", "--silent", "--insecure", "--connect-timeout", "2", $"https://{Laboratory.EndpointAddress}:6443/"],
            cancel).ConfigureAwait(false);
        return probe.Succeeded;
    }
}
