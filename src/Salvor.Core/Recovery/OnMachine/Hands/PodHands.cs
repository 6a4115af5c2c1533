using Salvor.Node.Runtime;
using Salvor.Recovery.Engine;
using Salvor.Recovery.OnMachine.Looks;

namespace Salvor.Recovery.OnMachine.Hands;

/// <summary>What is done to the control plane's containers, through the runtime.</summary>
public sealed class PodHands(ContainerRuntime runtime)
{
    private static readonly string[] Components =
        [ContainerLook.Etcd, ContainerLook.ApiServer, "kube-controller-manager", "kube-scheduler"];

    /// <summary>kubelet's back-off is kept by the container: without it, it begins anew.</summary>
    public async Task<StepReport> RemoveExitedAsync(CancellationToken ct)
    {
        var removed = new List<string>();
        foreach (var container in await runtime.ListContainersAsync(ct))
        {
            if (container.HasExited && Components.Contains(container.Name))
            {
                await runtime.RemoveContainerAsync(container.Id, ct);
                removed.Add($"{container.Name} ({container.Id[..Math.Min(12, container.Id.Length)]})");
            }
        }

        return StepReport.Done(removed.Count == 0 ? "none was there" : $"removed {string.Join(", ", removed)}");
    }

    /// <summary>Ends the containers of a component; kubelet starts it anew.</summary>
    public async Task<StepReport> StopAsync(string component, TimeSpan grace, CancellationToken ct)
    {
        var stopped = 0;
        foreach (var container in await runtime.ListContainersAsync(ct))
        {
            if (container.IsRunning && container.Name == component)
            {
                await runtime.StopContainerAsync(container.Id, grace, ct);
                stopped++;
            }
        }

        return StepReport.Done($"stopped {stopped} of {component}");
    }

    /// <summary>Removes what is left of the control plane's old sandboxes, whose names stand in the way.</summary>
    public async Task<StepReport> RemoveStaleSandboxesAsync(CancellationToken ct)
    {
        var removed = 0;
        foreach (var sandbox in await runtime.ListSandboxesAsync(ct))
        {
            if (!sandbox.IsReady && Components.Any(
                name => sandbox.Pod.StartsWith(name + "-", StringComparison.Ordinal)))
            {
                await runtime.RemoveSandboxAsync(sandbox.Id, ct);
                removed++;
            }
        }

        return StepReport.Done($"removed {removed}");
    }
}
