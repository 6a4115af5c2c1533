namespace Salvor.Node.Runtime;

/// <summary>What holds a pod's namespaces, as the runtime knows it.</summary>
/// <param name="Id">The runtime's own id.</param>
/// <param name="Pod">The pod's name, as in "etcd-node1".</param>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="IsReady">Whether it stands.</param>
/// <param name="Created">By the machine's clock.</param>
public sealed record PodSandbox(string Id, string Pod, string Namespace, bool IsReady, DateTimeOffset Created);
