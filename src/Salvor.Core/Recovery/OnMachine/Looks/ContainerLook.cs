using System.Collections.Immutable;
using Salvor.Errors;
using Salvor.Node.Runtime;
using Salvor.Recovery.Evidence;

namespace Salvor.Recovery.OnMachine.Looks;

/// <summary>What the container runtime runs of the control plane.</summary>
public sealed class ContainerLook(ContainerRuntime runtime, TimeProvider time) : IMachineLook
{
    public const string Etcd = "etcd";
    public const string ApiServer = "kube-apiserver";

    private readonly CrashLoops _loops = new();

    public async Task<Observations> LookAsync(CancellationToken ct)
    {
        ImmutableArray<PodContainer> containers;
        try
        {
            containers = await runtime.ListContainersAsync(ct);
        }
        catch (SalvorException e)
        {
            return Observations.None.With(Sign.RuntimeResponds, false, e.Message);
        }

        var now = time.GetUtcNow();
        return Observations.None
            .With(Sign.RuntimeResponds, true)
            .With(Sign.EtcdRuns, Runs(containers, Etcd))
            .With(Sign.ApiServerRuns, Runs(containers, ApiServer))
            .With(Sign.EtcdCrashLoops, _loops.Holds(containers, Etcd, now))
            .With(Sign.ApiServerCrashLoops, _loops.Holds(containers, ApiServer, now));
    }

    private static bool Runs(ImmutableArray<PodContainer> containers, string name) =>
        containers.Any(container => container.Name == name && container.IsRunning);
}
