namespace Salvor.Node.Runtime;

/// <summary>A container of a pod, as the runtime knows it.</summary>
/// <param name="Id">The runtime's own id.</param>
/// <param name="Name">Its name in the pod, as in "kube-apiserver".</param>
/// <param name="Attempt">How often kubelet had started it before, in this pod.</param>
/// <param name="Sandbox">The id of its pod's sandbox.</param>
/// <param name="IsRunning">Whether it runs.</param>
/// <param name="HasExited">Whether it ran and has ended.</param>
/// <param name="Created">By the machine's clock.</param>
public sealed record PodContainer(
    string Id, string Name, uint Attempt, string Sandbox, bool IsRunning, bool HasExited, DateTimeOffset Created);
