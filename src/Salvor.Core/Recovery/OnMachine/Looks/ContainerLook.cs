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

    /// <summary>So many starts within <see cref="LoopWindow"/> are a loop.</summary>
    private const int LoopStarts = 3;
    private static readonly TimeSpan LoopWindow = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, List<(string Id, DateTimeOffset Created)>> _starts = [];

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

        return Observations.None
            .With(Sign.RuntimeResponds, true)
            .With(Sign.EtcdRuns, Runs(containers, Etcd))
            .With(Sign.ApiServerRuns, Runs(containers, ApiServer))
            .With(Sign.EtcdCrashLoops, Loops(containers, Etcd))
            .With(Sign.ApiServerCrashLoops, Loops(containers, ApiServer));
    }

    private static bool Runs(ImmutableArray<PodContainer> containers, string name) =>
        containers.Any(container => container.Name == name && container.IsRunning);

    /// <summary>kubelet takes old containers away, so each start is remembered when it is first seen.</summary>
    private bool Loops(ImmutableArray<PodContainer> containers, string name)
    {
        if (!_starts.TryGetValue(name, out var starts))
        {
            _starts[name] = starts = [];
        }

        foreach (var container in containers.Where(c => c.Name == name && starts.All(start => start.Id != c.Id)))
        {
            starts.Add((container.Id, container.Created));
        }

        var now = time.GetUtcNow();
        starts.RemoveAll(start => now - start.Created > LoopWindow || start.Created > now + LoopWindow);
        return starts.Count >= LoopStarts;
    }
}
